import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { defaultPolicyText } from '../../../modules/policy/index.ts'
import { removeDirectory, temporaryDirectory } from '../../../platform/testing/postgres.ts'
import { run } from '../run.ts'

let directory = ''
let server: Server
/** What the node was asked, and what it answers. */
const asked: { path: string, body: unknown }[] = []
let answer: unknown = {}
before(async () => {
  directory = await temporaryDirectory()
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      asked.push({ path: request.url!, body: JSON.parse(Buffer.concat(chunks).toString() || 'null') })
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
})
after(async () => {
  server.close()
  await removeDirectory(directory)
})

async function hirundo(...args: string[]): Promise<{ code: number, out: string, err: string }> {
  const said = { out: '', err: '' }
  const environment = { HIRUNDO_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, HIRUNDO_TOKEN: 'hir_x' }
  const code = await run({ environment, out: (text) => void (said.out += text), note: (text) => void (said.err += text) }, ['policy', ...args])
  process.exitCode = 0
  return { code, ...said }
}
async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, text)
  return path
}

test('check reads files without a node, and says which policy is wrong', async () => {
  const right = await hirundo('check', await file('default.cedar', defaultPolicyText))
  assert.equal(right.code, 0)
  assert.match(right.out, /^POLICY +EFFECT\ntlp-clear +permit\n/)
  const wrong = await hirundo('check', await file('wrong.cedar', '@id("odd") permit (principal, action, resource) when { resource.tlp == Tlp::"WHITE" };'))
  assert.deepEqual([wrong.code, wrong.out], [1, ''])
  assert.match(wrong.err, /^This is no policy set: odd: .*WHITE/)
  assert.match((await hirundo('check', join(directory, 'missing'))).err, /cannot be read/)
})

test('explain asks for the viewer that the options describe', async () => {
  answer = { allowed: false, epoch: 3, label: 'x', at: '2026-11-20T00:00:00.000Z', policies: [{ id: 'suspended', says: { en: 'Suspended.', ja: '停止中。', ko: 'ㄱ', 'zh-Hans': '暂停', 'zh-Hant': '暫停' } }] }
  const { out, code } = await hirundo('explain', 'TLP:GREEN;x', '--team', 't', '--role', 'analyst', '--layer', 'operations', 'research', '--agreed', 'defence', '--suspended', 'f/c', '--member', 'f/d', '--purpose', 'response', '--lang', 'ja')
  assert.deepEqual([code, out], [0, 'REFUSED at 2026-11-20T00:00:00.000Z, policy epoch 3\n  suspended: 停止中。\n'])
  const all = ['receive', 'send', 'list', 'vote', 'drill', 'hotline']
  assert.deepEqual(asked.at(-1), { path: '/api/v1/policy/explain', body: { label: 'TLP:GREEN;x', purpose: 'response', viewer: {
    team: 't', own: false, role: 'analyst', layers: ['operations', 'research'], purposes: ['defence'], communities: [{ founder: 'f', id: 'd', scopes: all, carve_outs: [] }, { founder: 'f', id: 'c', scopes: all.slice(1), carve_outs: [] }],
  } } })
  assert.equal((await hirundo('explain', 'x', '--member', 'nonsense')).code, 2)
})

test('diff prints what is newly allowed, and can end with 1', async () => {
  const tuple = { tlp: 'TLP:RED', layer: 'operations', viewer_layers: 'operations', circle: 'own; own team', role: 'viewer', purpose: 'for any, asked for defence, agreed to defence', time: 'open', pap: 'any' }
  answer = { base_epoch: 1, combinations: 10, newly_allowed: 2, newly_refused: 0, allowed: [tuple], refused: [], widens: true }
  const policies = await file('a.cedar', 'text')
  const { out, code } = await hirundo('diff', policies, '--exit-code')
  assert.equal(code, 1)
  assert.match(out, /2 newly allowed, 0 newly refused\n\nNEWLY ALLOWED\nTLP .*\nTLP:RED .*\n… and 1 more\n\nThis allows something new/)
  assert.deepEqual(asked.at(-1), { path: '/api/v1/policy/diff', body: { text: 'text' } })
  answer = { ...answer as object, newly_allowed: 0, allowed: [], widens: false }
  const tighter = await hirundo('diff', policies, '--exit-code')
  assert.deepEqual([tighter.code, tighter.out.includes('in force at once')], [0, true])
})
