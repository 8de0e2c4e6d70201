import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startHirundo, type Hirundo } from './testing.ts'

let hirundo: Hirundo
before(async () => {
  hirundo = await startHirundo()
})
after(() => hirundo?.doors.stop())

test('a forum has members, one is suspended in part and reinstated, and the record keeps it all', async () => {
  const { said, ran, doors } = hirundo
  doors.now_ms = Date.now() + 1000
  for (const name of ['XA-CSIRT', 'XB-CERT']) await said('team', 'add', name, `${name} of the invented`)
  assert.match(await said('community', 'add', 'NORTH', 'Forum of the North', '--founder', 'XA-CSIRT'), /^NORTH: Forum of the North; founder XA-CSIRT; 0 members/)
  assert.match(await said('community', 'names', 'NORTH', 'ja', 'XA=クサ諸島', 'XB=クスビ'), /\nja: XA クサ諸島, XB クスビ\n/)
  assert.match(await said('community', 'names', 'NORTH', 'ja', 'XB='), /\nja: XA クサ諸島\n/)
  for (const team of ['XA-CSIRT', 'XB-CERT']) assert.equal(await said('membership', 'join', 'NORTH', team, '--at', '2020-04-01'), `${team} in NORTH: member\n`)
  assert.match(await said('membership', 'suspend', 'north', 'XB-CERT', '--scope', 'receive', 'send', '--legal-basis', 'Bylaws 7', '--decided-by', 'Steering committee', '--review', '2099-02-01', '--but', 'public-advisories'), /^XB-CERT in NORTH: member; SUSPENDED from receive, send but public-advisories; review 2099-02-01\n$/)
  assert.match(await said('community', 'NORTH'), /2 members, 1 suspended[\s\S]*XB-CERT +2020-04-01 +member; SUSPENDED from receive, send .* Steering committee: Bylaws 7/)
  assert.match(await said('communities'), /NORTH +Forum of the North +XA-CSIRT +2 +1 /)
  assert.match(await said('team', 'XB-CERT'), /NORTH +XB-CERT .*SUSPENDED/)
  assert.equal((await ran('membership', 'suspend', 'NORTH', 'XA-CSIRT')).code, 1, 'a suspension needs a basis')
  doors.now_ms += 1000
  assert.equal(await said('membership', 'reinstate', 'NORTH', 'XB-CERT'), 'XB-CERT in NORTH: member\n')
  const { events } = JSON.parse(await said('membership', 'events', 'NORTH', '--team', 'XB-CERT', '--format', 'json'))
  assert.deepEqual(events.map(({ kind }: { kind: string }) => kind), ['reinstated', 'suspended', 'joined'])
  assert.match(await said('community', 'change', 'NORTH', '--name', 'Northern Forum'), /^NORTH: Northern Forum; founder XA-CSIRT/)
  doors.now_ms += 1000
  assert.equal(await said('membership', 'leave', 'NORTH', 'XB-CERT'), 'XB-CERT in NORTH: not a member\n')
  assert.equal((await ran('community', 'WEST')).code, 1)
})
