import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startHirundo, type Hirundo } from './testing.ts'

let hirundo: Hirundo
before(async () => {
  hirundo = await startHirundo()
})
after(() => hirundo?.doors.stop())

const written = '0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567'
const bare = written.replaceAll(' ', '')

test('a key is entered, made sure of, relied on, and ended; what is not verified is written large', async () => {
  const { said, ran, doors } = hirundo
  doors.now_ms = Date.now()
  await said('team', 'add', 'XA-CSIRT', 'XA National CSIRT')
  assert.match(await said('key', 'add', 'XA-CSIRT', 'openpgp', written, '--to', new Date(doors.now_ms + 10 * 86_400_000).toISOString()), new RegExp(`^${bare} of XA-CSIRT: UNVERIFIED, expires`))
  assert.match((await ran('key', 'verify', bare, '--fingerprint', written.replace('0', '1'), '--how', 'telephone')).err, /fingerprint is not that of the key/)
  assert.match(await said('key', 'verify', bare.toLowerCase(), '--fingerprint', written, '--how', 'telephone', '--by', 'Mio'), /: verified, expires .*, telephone, Mio, /)
  assert.match(await said('keys'), /XA-CSIRT +openpgp +0123.* verified, expires/)
  assert.match(await said('team', 'XA-CSIRT'), new RegExp(`${bare} +verified`))
  assert.match(await said('key', 'revoke', bare, '--why', 'superseded'), /: REVOKED\n$/)
  assert.equal(JSON.parse(await said('keys', '--standing', 'verified', '--format', 'json')).length, 0)
  assert.equal((await ran('key', 'add', 'XA-CSIRT', 'openpgp', '01234567')).code, 1, 'a key id is no fingerprint')
  assert.equal((await ran('key', 'revoke', 'abc', '--why', 'retired')).code, 1)
})
