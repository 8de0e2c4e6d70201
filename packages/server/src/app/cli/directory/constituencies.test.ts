import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startHirundo, type Hirundo } from './testing.ts'

let hirundo: Hirundo
before(async () => {
  hirundo = await startHirundo()
})
after(() => hirundo?.doors.stop())

test('claims are entered, made sure of and agreed on, and the command names whose an address is', async () => {
  const { said, ran, doors } = hirundo
  doors.now_ms = Date.now()
  for (const name of ['XA-CSIRT', 'XB-CERT']) await said('team', 'add', name, `${name} of the invented`)
  const ids = async (...args: string[]): Promise<string[]> => JSON.parse(await said(...args, '--format', 'json')).map(({ id }: { id: string }) => id)
  const [wide] = await ids('constituency', 'claim', 'XA-CSIRT', 'cidr', '203.0.113.0/24', '198.51.100.0/24')
  const [narrow] = await ids('constituency', 'claim', 'XB-CERT', 'cidr', '203.0.113.128/25')
  await said('constituency', 'claim', 'XB-CERT', 'economy', 'XB')
  assert.match(await said('constituencies', '--team', 'XA-CSIRT'), /203\.0\.113\.0\/24 +CLAIMED/)
  assert.match(await said('constituency', 'verify', wide!, '--how', 'registry', '--by', 'Mio'), /^203\.0\.113\.0\/24 of XA-CSIRT: verified \(registry, Mio, /)
  assert.match((await ran('constituency', 'verify', narrow!, '--how', 'routing')).err, /both have to agree first \(team: XA-CSIRT; constituency: 203\.0\.113\.0\/24\)/)
  assert.match(await said('constituency', 'overlaps'), /XA-CSIRT +203\.0\.113\.0\/24 +verified +XB-CERT +203\.0\.113\.128\/25 +CLAIMED +NO /)
  assert.match(await said('constituency', 'agree', narrow!, wide!, 'XB-CERT', '--by', 'Ren'), /NO, only XB-CERT/)
  assert.match(await said('constituency', 'agree', narrow!, wide!, 'XA-CSIRT', '--by', 'Mio'), / yes /)
  await said('constituency', 'verify', narrow!, '--how', 'routing')
  assert.equal(await said('constituency', 'owner', '203.0.113.200', '--economy', 'XB'), 'XB-CERT, by 203.0.113.128/25\nXA-CSIRT, by 203.0.113.0/24\n')
  assert.match(await said('constituency', 'owner', '198.51.100.9', '--economy', 'XB'), /^nobody\nnot XA-CSIRT: 198\.51\.100\.0\/24 is not verified\nnot XB-CERT: XB is not verified\n$/)
  assert.match(await said('constituency', 'disagree', wide!, narrow!), /verified +XB-CERT +203\.0\.113\.128\/25 +CLAIMED +NO/)
  assert.match(await said('constituency', 'reject', narrow!, '--how', 'routing', '--text', 'not announced'), /REJECTED/)
  assert.match(await said('team', 'XB-CERT'), /203\.0\.113\.128\/25 +REJECTED/)
  assert.match(await said('constituency', 'withdraw', narrow!), /is taken back/)
  assert.equal((await ran('constituency', 'claim', 'XA-CSIRT', 'cidr', '0.0.0.0/0')).code, 1)
})
