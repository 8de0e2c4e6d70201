import { realWorld } from '@hirundo/base'
import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { enrol, type EnrolOptions } from './enrol.ts'
import { FakeNode, SECRET } from './fake-node.fixture.ts'
import { fingerprintOf, loadKey } from './keys.ts'
import { temporary } from './rig.fixture.ts'
import { loadState } from './state.ts'

async function setup(t: TestContext): Promise<{ node: FakeNode; given: EnrolOptions }> {
  const node = new FakeNode()
  await node.listen()
  t.after(() => node.close())
  const state_directory = join(await temporary(t), 'state')
  return { node, given: { state_directory, node_url: node.url, token: node.token, name: 'north 1', simulated: false, addresses: 3 } }
}

const codeOf = async (options: EnrolOptions): Promise<string> => {
  const result = await enrol(options, realWorld)
  return result.ok ? 'ok' : result.problem.code
}

test('the key is private, the node is pinned, and both fingerprints are told', async (t) => {
  const { node, given } = await setup(t)
  const result = await enrol(given, realWorld)
  assert.ok(result.ok)
  assert.equal(result.value.node_fingerprint, node.token.slice(SECRET.length + 1))
  assert.equal(result.value.fingerprint, fingerprintOf((await loadKey(given.state_directory))!.public_key))
  assert.equal((await stat(join(given.state_directory, 'key.pem'))).mode & 0o777, 0o600)
  assert.equal((await stat(given.state_directory)).mode & 0o777, 0o700)
  const state = await loadState(given.state_directory)
  assert.ok(state.ok)
  assert.equal(state.value.node_public_key, node.public_key.toString('base64'))
  assert.equal(await codeOf(given), 'setting/invalid')
})

test('a node with another key than the token says is not pinned; the sensor keeps its key for the next try', async (t) => {
  const { node, given } = await setup(t)
  const other = `${SECRET}.aaaa-aaaa-aaaa-aaaa-aaaa`
  assert.equal(await codeOf({ ...given, token: other }), 'sensor/fingerprint-mismatch')
  assert.equal((await loadState(given.state_directory)).ok, false)
  const key = await loadKey(given.state_directory)
  assert.equal(await codeOf({ ...given, token: node.token }), 'ok')
  assert.deepEqual((await loadKey(given.state_directory))!.public_key, key!.public_key)
})

test('a wrong token, a bad name, a bad address and a node that is away are told apart', async (t) => {
  const { node, given } = await setup(t)
  assert.equal(await codeOf({ ...given, token: node.token.replace('secret', 'guess-') }), 'enrolment/token-invalid')
  assert.equal(await codeOf({ ...given, token: SECRET }), 'setting/invalid')
  assert.equal(await codeOf({ ...given, name: 'a\nb' }), 'setting/invalid')
  assert.equal(await codeOf({ ...given, node_url: 'nonsense' }), 'setting/invalid')
  await node.close()
  assert.equal(await codeOf(given), 'node/unavailable')
})
