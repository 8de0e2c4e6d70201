import assert from 'node:assert/strict'
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { apiClient, createToken, getBackup, languages, listTokens, nodeRoutes, nodeStatus, startBackup, type BackupView } from '@hirundo/contract'
import { StoreError } from '@hirundo/analytics'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Module } from '../platform/module.ts'
import { checkTarget } from '../platform/notify/outbound.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { removeDirectory, silent, startTestPostgres, temporaryDirectory } from '../platform/testing/postgres.ts'
import { restoreBackup } from './backup/restore.ts'
import { readConfig, type NodeConfig } from './config.ts'
import { ownEndpoints, type Bound } from './modules.ts'
import { startNode, type Node } from './node.ts'
import { allRoutes } from './openapi.ts'

/** A module that keeps one file and knows four sensors, one of them simulated. */
const birds = (platform: { data_dir: string }): Module => ({
  name: 'birds',
  migrations: { '0001_birds': { up: async (db) => void (await db.schema.createTable('bird').addColumn('n', 'integer').execute()) } },
  handlers: [],
  facts: async () => ({ sensors: { approved: 4, pending: 1, live: 3, simulated: 1, interactions: 7 } }),
  checks: async () => [{ name: 'nest', ok: true, detail: 'warm' }],
  start: async () => {
    await mkdir(join(platform.data_dir, 'birds'), { recursive: true })
    await appendFile(join(platform.data_dir, 'birds/egg'), 'x')
  },
  backup: async (directory) => writeFile(join(directory, 'egg'), 'kept'),
})

let directory = ''
let node: Node
let token = ''
/** What the node told its modules of where it listens. */
let bound: Bound
const start = (name: string) => startNode({
  config: readConfig({ flags: { data_dir: join(directory, name), listen: '127.0.0.1:0' } }), log: silent, modules: (platform, _, where) => {
    bound = where
    return [birds(platform)]
  },
})
const get = (path: string, headers: Record<string, string> = {}) => fetch(node.url + path, { headers })

before(async () => {
  directory = await temporaryDirectory()
  node = await start('one')
  token = node.token!
})
after(async () => {
  await node.stop()
  await removeDirectory(directory)
})

async function backUp(to: string): Promise<BackupView> {
  const client = apiClient({ url: node.url, token })
  const begun = await client.call(startBackup, { body: { directory: to } })
  assert.ok(begun.ok, JSON.stringify(begun))
  for (let view = begun.value; ; await sleep(50)) {
    if (view.state !== 'running') return view
    const asked = await client.call(getBackup, { params: { id: view.id } })
    assert.ok(asked.ok)
    view = asked.value
  }
}

test('nothing may be sent to the node itself, also where it was given whatever port was free', async () => {
  const own = ownEndpoints({ listen: '127.0.0.1:0', database_url: 'postgres://db.example/x' } as NodeConfig, bound)
  const listed = [{ host: '127.0.0.1', cidr: '127.0.0.1/32', port: Number(new URL(node.url).port), http: true }]
  const checked = await checkTarget({ allowed: async () => listed, own }, `${node.url}/hook`)
  assert.ok(!checked.ok && checked.problem.detail['reason'] === 'own', JSON.stringify(checked))
  assert.deepEqual(own.map(({ host, port }) => [host, port]), [['127.0.0.1', Number(new URL(node.url).port)], ['db.example', 5432]])
})

test('says alive, ready, its parts and its sensors', async () => {
  assert.deepEqual(await (await get('/healthz')).json(), { alive: true })
  assert.deepEqual(await (await get('/readyz')).json(), { ready: true, checks: ['postgres', 'clickhouse', 'nest'].map((name) => ({ name, ok: true })) })
  const status = await apiClient({ url: node.url, token }).call(nodeStatus, {})
  assert.ok(status.ok && status.value.ready)
  assert.deepEqual(status.value.sensors, { approved: 4, pending: 1, live: 3, simulated: 1, interactions: 7 })
  assert.equal(status.value.fingerprint, node.fingerprint)
})

test('the status page is in the reader’s language, says simulated, and runs nothing', async () => {
  const titles = new Set<string>()
  for (const language of languages) {
    const answer = await get('/status', { 'accept-language': language })
    const page = await answer.text()
    assert.match(page, new RegExp(`<html lang="${language}">`))
    assert.match(page, /class="simulated"/)
    assert.ok(!/<script|<style|style=|onload/i.test(page))
    const policy = answer.headers.get('content-security-policy')!
    assert.ok(policy.includes("default-src 'none'") && !policy.includes('unsafe'))
    titles.add(/<p class="sentence">(.*?)</.exec(page)![1]!)
  }
  assert.equal(titles.size, languages.length)
})

test('metrics name operations and states, and neither addresses nor names', async () => {
  const text = await (await get('/metrics')).text()
  assert.match(text, /hirundo_http_requests_total\{route="node\.status",status="2xx"\} \d/)
  assert.ok(!/127\.0\.0\.1|administrator/.test(text))
})

test('every route of the node is served and needs what it says', async () => {
  for (const route of nodeRoutes) {
    const path = route.path.replace(':id', '00000000-0000-4000-8000-000000000000').replace(':key', 'none')
    const answer = await fetch(`${node.url}/api/v1${path}`, { method: route.method, redirect: 'manual' })
    assert.equal(answer.status, 401, route.id)
  }
})

test('a second node on the same directory is refused by name', async () => {
  await assert.rejects(start('one'), (error) => error instanceof OperatorError && error.message.includes(String(process.pid)))
  assert.equal((await get('/healthz')).status, 200)
})

test('an address that is taken is refused and nothing stays behind', async () => {
  const config = readConfig({ flags: { data_dir: join(directory, 'taken'), listen: new URL(node.url).host } })
  await assert.rejects(startNode({ config, log: silent, modules: () => [] }), (error) => error instanceof OperatorError && error.message.includes('EADDRINUSE'))
  assert.deepEqual((await readdir(join(directory, 'taken'))).filter((name) => name === 'node.json'), [])
})

test('stops, starts again with what it knew, and offers no second administrator', async () => {
  const { fingerprint } = node
  await node.stop()
  await node.stop()
  node = await start('one')
  assert.equal(node.token, undefined)
  assert.equal(node.fingerprint, fingerprint)
  const tokens = await apiClient({ url: node.url, token }).call(listTokens, {})
  assert.ok(tokens.ok && tokens.value.tokens.length === 1)
})

test('both stores may be killed: the node answers 503 meanwhile, and is ready again by itself', async () => {
  for (const part of ['postgres', 'clickhouse'] as const) {
    process.kill(node.children()[part]!, 'SIGKILL')
    const codes: number[] = []
    for (let i = 0; i < 200 && !(codes.includes(503) && codes.at(-1) === 200); i++) {
      codes.push((await get('/readyz')).status)
      await sleep(50)
    }
    assert.equal(codes.at(-1), 200, part)
    const tokens = await apiClient({ url: node.url, token }).call(listTokens, {})
    assert.ok(tokens.ok, part)
  }
})

test('a backup of the running node, restored, is the node as it was', async () => {
  const client = apiClient({ url: node.url, token })
  const made = await client.call(createToken, { body: { name: 'kept', scopes: ['audit:read'] } })
  assert.ok(made.ok)
  const target = join(directory, 'backup')
  const view = await backUp(target)
  assert.deepEqual([view.state, view.reason], ['done', null])
  assert.equal((await stat(target)).mode & 0o077, 0)
  assert.ok((await client.call(createToken, { body: { name: 'later', scopes: ['audit:read'] } })).ok)
  const { fingerprint } = node
  await node.stop()

  const manifest = await restoreBackup(target, join(directory, 'two'))
  assert.equal(manifest.fingerprint, fingerprint)
  assert.equal(await readFile(join(directory, 'two/birds/egg'), 'utf8'), 'kept')
  node = await start('two')
  assert.equal(node.token, undefined)
  assert.equal(node.fingerprint, fingerprint)
  const tokens = await apiClient({ url: node.url, token }).call(listTokens, {})
  assert.ok(tokens.ok)
  assert.deepEqual(tokens.value.tokens.map(({ name }) => name).toSorted(), ['administrator', 'kept'])
})

test('a backup with one byte changed, a file missing or one too many is refused before anything is written', async () => {
  const target = join(directory, 'backup')
  const key = join(target, 'node/node-key.pem')
  const text = await readFile(key, 'utf8')
  const refuse = (words: RegExp) => assert.rejects(restoreBackup(target, join(directory, 'three')), (error) => error instanceof OperatorError && words.test(error.message))
  await writeFile(key, text.replace(/.\n/, 'A\n').replace('PRIVATE', 'PRIVATF'))
  await refuse(/node-key\.pem .*not what/)
  await rm(key)
  await refuse(/node-key\.pem .*missing/)
  await writeFile(key, text)
  await writeFile(join(target, 'postgres/extra'), '')
  await refuse(/postgres\/extra/)
  await rm(join(target, 'postgres/extra'))
  const manifest = await readFile(join(target, 'manifest.json'), 'utf8')
  await writeFile(join(target, 'manifest.json'), manifest.replace('"node/hirundo.json"', '"../hirundo.json"'))
  await refuse(/manifest\.json/)
  await writeFile(join(target, 'manifest.json'), manifest)
  await assert.rejects(stat(join(directory, 'three')), { code: 'ENOENT' })
  await assert.rejects(restoreBackup(target, join(directory, 'two')), /not empty/)
})

test('a backup goes neither into a used directory, nor below the data, nor twice at once', async () => {
  const client = apiClient({ url: node.url, token })
  const code = async (to: string) => {
    const answer = await client.call(startBackup, { body: { directory: to } })
    return answer.ok ? 'begun' : answer.problem.code
  }
  assert.equal(await code(join(directory, 'two/inside')), 'backup/target-invalid')
  assert.equal(await code(join(directory, 'backup')), 'backup/target-invalid')
  assert.equal(await code(join(directory, 'no/such/parent')), 'backup/target-invalid')
  assert.deepEqual((await Promise.all([code(join(directory, 'b1')), code(join(directory, 'b2'))])).toSorted(), ['backup/running', 'begun'])
  for (let i = 0; i < 100 && (await code(join(directory, 'backup'))) === 'backup/running'; i++) await sleep(50)
})

test('a node on the operator’s own PostgreSQL keeps none of its own, and its backup says so', async () => {
  const own = await startTestPostgres()
  const database_url = `postgres://hirundo@${encodeURIComponent(own.embedded.connection.host)}/postgres`
  const data_dir = join(directory, 'own')
  const config = readConfig({ flags: { data_dir, listen: '127.0.0.1:0', database_url } })
  const started = await startNode({ config, log: silent, modules: () => [] })
  try {
    assert.match(started.token!, /^hir_/)
    assert.equal(started.children().postgres, undefined)
    assert.ok(!(await readdir(data_dir)).includes('postgres'))
  } finally {
    await started.stop()
    await own.stop()
  }
  await assert.rejects(startNode({ config, log: silent, modules: () => [] }), (error) => error instanceof OperatorError && error.message.includes('DATABASE_URL'))
})

test('a store that goes away while the node starts is named to the operator, and no stack', async () => {
  const config = readConfig({ flags: { data_dir: join(directory, 'away'), listen: '127.0.0.1:0' } })
  const away: Module = { name: 'away', migrations: {}, handlers: [], start: () => Promise.reject(new StoreError('node/unavailable', { reason: 'ECONNRESET' })) }
  await assert.rejects(startNode({ config, log: silent, modules: () => [away] }), (error) => error instanceof OperatorError && error.message.includes('went away'))
})

test('a ClickHouse that is frozen does not outlive the node', { timeout: 60_000 }, async () => {
  const config = readConfig({ flags: { data_dir: join(directory, 'away'), listen: '127.0.0.1:0' } })
  const started = await startNode({ config, log: silent, modules: () => [] })
  const frozen = started.children().clickhouse!
  process.kill(frozen, 'SIGSTOP')
  await started.stop()
  assert.throws(() => process.kill(frozen, 0), { code: 'ESRCH' })
})

test('a node with all its modules serves every documented route, and its parts are well', async () => {
  const config = readConfig({ flags: { data_dir: join(directory, 'whole'), listen: '127.0.0.1:0', observatory: { networks: false } } })
  const whole = await startNode({ config, log: silent })
  try {
    assert.deepEqual(((await (await fetch(`${whole.url}/readyz`)).json()) as { ready: boolean }).ready, true)
    for (const route of allRoutes) {
      const answer = await fetch(`${whole.url}/api/v1${route.path.replace(/:[a-z_]+/g, 'x')}`, { method: route.method, redirect: 'manual' })
      // The many refusals of one caller end in 429, which proves the same.
      const open = route.needs === 'public' || route.needs === 'sensor'
      assert.ok(open ? ![401, 404, 405, 500].includes(answer.status) : [401, 429].includes(answer.status), `${route.id} ${answer.status}`)
    }
  } finally {
    await whole.stop()
  }
  const wrong = readConfig({ flags: { data_dir: join(directory, 'whole'), listen: '127.0.0.1:0', observatory: { netwroks: false } } })
  await assert.rejects(startNode({ config: wrong, log: silent }), (error) => error instanceof OperatorError && error.message.includes('observatory.netwroks'))
})
