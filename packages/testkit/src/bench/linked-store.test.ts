import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { linkStore } from './linked-store.ts'

test('a linked store shares the files of parts, and nothing that the engine writes over', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'hirundo-link-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const [from, to] = [join(directory, 'data'), join(directory, 'linked/data')]
  const table = 'store/7d5/7d5a9085-29a7-4b29-a17d-8930826b6726'
  const [part, own] = [`${table}/202606_1_1_0/packets.bin`, [`${table}/format_version.txt`, 'store/16a/16ad/flow.sql']] as const
  for (const path of [part, ...own]) {
    mkdirSync(dirname(join(from, path)), { recursive: true })
    writeFileSync(join(from, path), path)
  }
  mkdirSync(join(from, 'metadata'))
  symlinkSync(`../${table}`, join(from, 'metadata/default'))
  linkStore(from, to)
  const inode = (root: string, path: string) => statSync(join(root, path)).ino
  assert.equal(inode(to, part), inode(from, part))
  for (const path of own) assert.notEqual(inode(to, path), inode(from, path), path)
  writeFileSync(join(to, own[1]), 'changed')
  assert.equal(readFileSync(join(from, own[1]), 'utf8'), own[1])
  assert.equal(readlinkSync(join(to, 'metadata/default')), `../${table}`)
})
