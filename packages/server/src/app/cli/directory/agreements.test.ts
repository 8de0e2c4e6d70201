import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startHirundo, type Hirundo } from './testing.ts'

let hirundo: Hirundo
before(async () => {
  hirundo = await startHirundo()
})
after(() => hirundo?.doors.stop())

test('an agreement is drafted, approved by each party, in force, and ended; the list says what ends soon', async () => {
  const { said, ran, doors } = hirundo
  doors.now_ms = Date.now()
  for (const name of ['XA-CSIRT', 'XB-CERT']) await said('team', 'add', name, `${name} of the invented`)
  const expires = new Date(doors.now_ms + 20 * 86_400_000).toISOString()
  const text = ['--party', 'XA-CSIRT', '--party', 'XB-CERT', '--purpose', 'defence', 'response', '--legal-basis', 'Memorandum of 2026', '--kind', 'finding', '--kind', 'bulletin', '--expires', expires]
  const drafted = await said('agreement', 'add', 'Findings', ...text, '--discloses', 'XA-CSIRT=requests of courts', '--retention', '90')
  assert.match(drafted, /^Findings: DRAFT, not approved by all[\s\S]*kept 90 days[\s\S]*open now: none[\s\S]*XA-CSIRT: HAS NOT APPROVED; discloses: requests of courts/)
  const id = /id ([\da-f-]{36})/.exec(drafted)![1]!
  assert.match(await said('agreement', 'approve', id, 'XA-CSIRT', '--by', 'Mio', '--text-version', '1'), /XA-CSIRT: approved .* by Mio/)
  assert.match((await ran('agreement', 'approve', id, 'XB-CERT', '--by', 'Ren', '--text-version', '2')).err, /changed the agreement meanwhile/)
  assert.match(await said('agreement', 'approve', id, 'XB-CERT', '--by', 'Ren', '--text-version', '1'), /^Findings: in-force, EXPIRES SOON, in force since .*[\s\S]*open now: finding, bulletin/)
  assert.match(await said('agreements', '--team', 'XB-CERT'), /Findings +in-force, EXPIRES SOON +XA-CSIRT, XB-CERT +finding,bulletin/)
  assert.match(await said('team', 'XB-CERT'), /Findings +in-force/)
  assert.match(await said('agreement', 'end', id, '--by', 'Ren', '--why', 'a new law'), /^Findings: ENDED[\s\S]*ended .* by Ren: a new law/)
  assert.deepEqual(JSON.parse(await said('agreements', '--state', 'in-force', '--format', 'json')), [])
  assert.equal((await ran('agreement', 'add', 'X', ...text, '--discloses', 'XC=y')).code, 1)
})
