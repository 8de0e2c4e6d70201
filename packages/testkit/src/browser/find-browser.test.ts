import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { findBrowser } from './find-browser.ts'

let home: string
before(() => {
  home = mkdtempSync(join(tmpdir(), 'hirundo-browser-'))
  for (const name of ['a', 'b', 'c']) mkdirSync(join(home, name))
  // A directory and a file that cannot be run are no browser.
  mkdirSync(join(home, 'a/chromium'))
  writeFileSync(join(home, 'b/chromium'), '')
  for (const path of ['c/chromium', 'a/google-chrome']) {
    writeFileSync(join(home, path), '')
    chmodSync(join(home, path), 0o755)
  }
})
after(() => rmSync(home, { recursive: true }))

test('the first Chromium in PATH is the browser, before any Chrome', () => {
  const PATH = ['a', 'b', 'c'].map((name) => join(home, name)).join(delimiter)
  assert.equal(findBrowser({ PATH }), join(home, 'c/chromium'))
  assert.equal(findBrowser({ PATH: join(home, 'a') }), join(home, 'a/google-chrome'))
})

test('what HIRUNDO_BROWSER names goes before it, and the empty text means none', () => {
  assert.equal(findBrowser({ HIRUNDO_BROWSER: '/opt/chrome', PATH: join(home, 'c') }), '/opt/chrome')
  assert.equal(findBrowser({ HIRUNDO_BROWSER: '', PATH: join(home, 'c') }), undefined)
  assert.equal(findBrowser({ PATH: join(home, 'b') }), undefined)
  assert.equal(findBrowser({}), undefined)
})
