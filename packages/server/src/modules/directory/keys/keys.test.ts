import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { fingerprintText } from '@hirundo/base'
import { verifiedNodeKeys } from '../index.ts'
import { startDoors, type Doors } from '../testing/doors.ts'

let doors: Doors
let team: string
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(async () => {
  await doors.clear()
  team = await doors.team('XA-CSIRT')
})

const hexKey = (n: number): string => String(n).padStart(40, 'A')
const add = (n: number, more: object = {}) => doors.must('POST', `/teams/${team}/keys`, { kind: 'openpgp', fingerprint: hexKey(n), ...more })
const verify = (id: string, n: number, more: object = {}) => doors.ask('POST', `/keys/${id}/verification`, { fingerprint: hexKey(n), how: 'telephone', ...more })
const standingOf = async (id: string): Promise<string> => (await doors.must('GET', '/keys')).keys.find((key: { id: string }) => key.id === id).standing

test('a key is unverified until somebody compared its fingerprint, and says who, when and how', async () => {
  const made = await add(1)
  assert.deepEqual([made.standing, made.version, made.verified, made.team.short_name], ['unverified', 4, null, 'XA-CSIRT'])
  assert.equal((await verify(made.id, 2)).code, 'key/fingerprint-mismatch')
  assert.equal(await standingOf(made.id), 'unverified')
  const { body } = await verify(made.id, 1, { by: 'Mio', at: '2026-11-19T10:00:00Z' })
  assert.deepEqual([body.standing, body.verified], ['verified', { at: '2026-11-19T10:00:00.000Z', by: 'Mio', how: 'telephone', signed_by: null }])
  assert.equal((await verify(made.id, 1, { at: '2026-11-20T09:00:01Z' })).code, 'request/invalid')
})

test('one key is one team’s, also after it is revoked', async () => {
  const { id } = await add(1)
  const other = await doors.team('XB-CERT')
  assert.equal(await doors.refused('POST', `/teams/${other}/keys`, { kind: 'openpgp', fingerprint: hexKey(1).toLowerCase() }), 'key/exists')
  await doors.must('POST', `/keys/${id}/revocation`, { why: 'retired' })
  assert.equal(await doors.refused('POST', `/teams/${other}/keys`, { kind: 'openpgp', fingerprint: hexKey(1) }), 'key/exists')
  assert.equal((await verify(id, 1)).code, 'key/wrong-state')
  assert.equal(await doors.refused('POST', `/keys/${id}/revocation`, { why: 'superseded' }), 'key/wrong-state')
  assert.equal(await doors.refused('POST', `/keys/${id}/revocation`, { why: 'compromised' }), 'none')
})

test('a team that is entered again brings its key, and somebody has to make sure of it again', async () => {
  const { id } = await add(1)
  await verify(id, 1)
  await doors.must('DELETE', `/teams/${team}`)
  assert.deepEqual((await doors.must('GET', '/keys')).keys, [])
  team = await doors.team('XA-CSIRT')
  const again = await add(1)
  assert.deepEqual([again.standing, again.verified, again.team.id], ['unverified', null, team])
  await doors.must('POST', `/keys/${again.id}/revocation`, { why: 'retired' })
  await doors.must('DELETE', `/teams/${team}`)
  assert.equal(await doors.refused('POST', `/teams/${await doors.team('XB-CERT')}/keys`, { kind: 'openpgp', fingerprint: hexKey(1) }), 'key/exists')
})

test('a key that two teams bring at the same moment is one’s', async () => {
  const teams = await Promise.all(['A', 'B', 'C', 'D'].map((name) => doors.team(name)))
  const answers = await Promise.all(teams.map((id) => doors.refused('POST', `/teams/${id}/keys`, { kind: 'openpgp', fingerprint: hexKey(1) })))
  assert.deepEqual(answers.toSorted(), ['key/exists', 'key/exists', 'key/exists', 'none'])
})

test('a key may vouch while it is verified, and nothing stands on one that was compromised', async () => {
  const [a, b, c] = [await add(1), await add(2), await add(3)]
  assert.equal((await verify(b.id, 2, { how: 'signed-by', signed_by: a.id })).code, 'key/wrong-state')
  await verify(a.id, 1)
  assert.equal((await verify(b.id, 2, { how: 'signed-by', signed_by: a.id })).body.verified.signed_by, hexKey(1))
  await verify(c.id, 3, { how: 'signed-by', signed_by: b.id })
  assert.deepEqual((await verify(a.id, 1, { how: 'signed-by', signed_by: c.id })).code, 'key/wrong-state', 'a circle')
  for (const more of [{ how: 'signed-by' }, { signed_by: a.id }]) assert.equal((await verify(b.id, 2, more)).code, 'request/invalid')
  assert.deepEqual([await standingOf(a.id), await standingOf(b.id), await standingOf(c.id)], ['verified', 'verified', 'verified'])
  await doors.must('POST', `/keys/${a.id}/revocation`, { why: 'compromised' })
  assert.deepEqual([await standingOf(a.id), await standingOf(b.id), await standingOf(c.id)], ['revoked', 'unverified', 'unverified'])
})

test('a key that ends says so before and after', async () => {
  const { id } = await add(1, { valid_from: '2026-11-20T09:00:00Z', valid_to: '2026-12-01T00:00:00Z' })
  await verify(id, 1)
  const seen = async () => (await doors.must('GET', `/teams/${team}`)).keys[0]
  assert.deepEqual([(await seen()).standing, (await seen()).expires_soon], ['verified', true])
  doors.now_ms = Date.parse('2026-12-01T00:00:00Z')
  assert.deepEqual([(await seen()).standing, (await seen()).expires_soon], ['expired', false])
  assert.deepEqual((await doors.must('GET', '/keys?standing=verified')).keys, [])
  assert.equal(await doors.refused('POST', `/teams/${team}/keys`, { kind: 'openpgp', fingerprint: hexKey(2), valid_from: '2026-12-01T00:00:00Z', valid_to: '2026-12-01T00:00:00Z' }), 'request/invalid')
})

test('the key of a node is the one of its fingerprint', async () => {
  const raw = Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!, 'base64url')
  const fingerprint = fingerprintText(createHash('sha256').update(raw).digest())
  const body = { kind: 'node', fingerprint, public_key: raw.toString('base64url') }
  assert.equal(await doors.refused('POST', `/teams/${team}/keys`, { ...body, fingerprint: 'aaaa-aaaa-aaaa-aaaa-aaaa' }), 'key/fingerprint-mismatch')
  assert.equal(await doors.refused('POST', `/teams/${team}/keys`, { ...body, kind: 'openpgp', fingerprint: hexKey(1) }), 'request/invalid')
  const made = await doors.must('POST', `/teams/${team}/keys`, body)
  assert.deepEqual([made.fingerprint, made.public_key, made.version], [fingerprint, body.public_key, null])
  const relied_on = async () => (await verifiedNodeKeys(doors.tools.db, 1, doors.now_ms)).map((one) => [one.team, one.fingerprint, Buffer.from(one.public_key!).equals(raw)])
  assert.deepEqual(await relied_on(), [], 'nobody made sure of it')
  await doors.must('POST', `/keys/${made.id}/verification`, { fingerprint: fingerprint.toUpperCase(), how: 'in-person' })
  assert.deepEqual(await relied_on(), [[team, fingerprint, true]])
})

test('others see keys that are for them, and not who vouched', async () => {
  await verify((await add(1, { visibility: 'public' })).id, 1, { by: 'Mio' })
  await add(2, { visibility: 'us' })
  const { keys } = await doors.must('GET', `/teams/${team}?as=public`)
  assert.deepEqual(keys.map(({ fingerprint, standing, verified }: Record<string, unknown>) => [fingerprint, standing, verified]), [[hexKey(1), 'verified', null]])
})

test('another organisation neither sees nor vouches', async () => {
  const organisation = await doors.organisation('Other')
  const { id } = await add(1)
  await verify(id, 1)
  const own = await doors.team('XC', {}, { organisation })
  const key = await doors.must('POST', `/teams/${own}/keys`, { kind: 'openpgp', fingerprint: hexKey(1) }, { organisation })
  assert.equal(await doors.refused('POST', `/keys/${key.id}/verification`, { fingerprint: hexKey(1), how: 'signed-by', signed_by: id }, { organisation }), 'request/invalid')
  assert.equal(await doors.refused('POST', `/keys/${id}/revocation`, { why: 'compromised' }, { organisation }), 'key/not-found')
  assert.equal((await doors.must('GET', '/keys', undefined, { organisation })).keys.length, 1)
})
