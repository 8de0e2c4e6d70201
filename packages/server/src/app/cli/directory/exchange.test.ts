import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startHirundo, type Hirundo } from './testing.ts'

let hirundo: Hirundo
let directory: string
before(async () => {
  hirundo = await startHirundo()
  directory = await mkdtemp(join(tmpdir(), 'hirundo-test-'))
})
after(async () => {
  await hirundo?.doors.stop()
  if (directory) await rm(directory, { recursive: true, force: true })
})

test('a list is looked at first and then taken over; a profile goes in and out', async () => {
  const { said, ran } = hirundo
  const list = join(directory, 'teams.json')
  await writeFile(list, JSON.stringify({ status: 'OK', access: 'public', data: [{ id: 'xa', team: 'XA-CSIRT', 'team-full': 'XA National CSIRT', country: 'XA', mascot: 'swallow' }] }))
  assert.match(await said('directory', 'import-first', list, '--dry-run'), /^DRY RUN, nothing was changed: 1 new teams[\s\S]*new {6}XA-CSIRT\nUNREAD {3}mascot: unknown-field, 1 times, first xa\n$/)
  assert.match((await ran('team', 'XA-CSIRT')).err, /No team/)
  assert.match(await said('directory', 'import-first', list), /^1 new teams, .* 1 constituencies/)
  assert.match(await said('team', 'XA-CSIRT'), /XA +CLAIMED/)
  const profile = join(directory, 'profile.txt')
  await writeFile(profile, '1. Document Information\n2.7 Electronic Mail Address\n   cert@xa.example\n3.1 Mission Statement\n   To help.\n')
  assert.match(await said('team', 'profile', 'import', 'XA-CSIRT', profile), /1 contacts, .* 2 sections\n/)
  assert.match(await said('team', 'profile', 'export', 'XA-CSIRT'), /^1 Document Information\n[\s\S]*general: cert@xa\.example\n[\s\S]*To help\./)
  assert.equal((await ran('directory', 'import-first', join(directory, 'none.json'))).code, 1)
  assert.match((await ran('directory', 'import-first', profile)).err, /import\/unreadable/)
})
