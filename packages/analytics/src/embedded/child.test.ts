import { createClient, ClickHouseLogLevel } from '@clickhouse/client'
import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startEmbedded, type Embedded } from './embedded.ts'

describe('the HTTP interface of the embedded child', () => {
  let embedded: Embedded
  let directory: string
  let client: ReturnType<typeof createClient>
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hirundo-child-'))
    embedded = await startEmbedded({ directory, result_bytes_max: 1024 * 1024, query_memory_bytes_max: 200 * 1024 * 1024 })
    client = createClient({ url: embedded.url, http_agent: embedded.agent, log: { level: ClickHouseLogLevel.OFF }, keep_alive: { idle_socket_ttl: 0 } })
  })
  after(async () => {
    await client.close()
    await embedded.stop()
    await rm(directory, { recursive: true, force: true })
  })
  const rows = async (query: string, query_params = {}, clickhouse_settings = {}) =>
    (await client.query({ query, query_params, clickhouse_settings, format: 'JSONEachRow' })).json<Record<string, unknown>>()
  const refused = (query: string, code: string, settings = {}) =>
    assert.rejects(rows(query, {}, settings), (error: { code?: string }) => error.code === code, query)

  test('only the owner may open the socket', async () => {
    assert.equal((await stat(embedded.socket_path)).mode & 0o777, 0o600)
  })

  test('parameters keep every character', async () => {
    const text = 'a\'b"c\\d\te\nf{x:String}--/*`;\u{1f426}'
    assert.deepEqual(await rows('SELECT {t:String} AS t, {n:Array(UInt32)} AS n', { t: text, n: [1, 2] }), [{ t: text, n: [1, 2] }])
  })

  test('a parameter of an earlier question is not seen by a later one', async () => {
    await Promise.all([1, 2, 3, 4].map((left) => rows('SELECT {left:UInt8}', { left })))
    await refused('SELECT {left:UInt8}', '456')
  })

  test('settings hold for one question, and caps may be lowered but not raised', async () => {
    assert.deepEqual(await rows("SELECT getSetting('max_threads') AS n", {}, { max_threads: 1 }), [{ n: 1 }])
    assert.notDeepEqual(await rows("SELECT getSetting('max_threads') AS n, 1 AS one"), [{ n: 1, one: 1 }])
    assert.deepEqual(await rows("SELECT getSetting('max_execution_time') AS n", {}, { max_execution_time: 100_000 }), [{ n: 20 }])
    await refused('SELECT sleep(2)', '159', { max_execution_time: 1 })
    await refused('SELECT length(groupArray(number)) FROM numbers(100000000)', '241')
    await refused("SELECT repeat('x', 1000) FROM numbers(10000)", '396')
  })

  test('nothing outside is reached: files, hosts, processes', async () => {
    for (const call of ["file('/etc/hostname')", "`url`('http://127.0.0.1/')", "\"FILE\" ('/etc/hostname')", "executable('ls', 'TSV', 'a String')", "remote('127.0.0.1', system.one)"]) {
      await refused(`SELECT * FROM ${call}`, '497')
    }
    await refused("SELECT 1; SELECT * FROM file('/etc/hostname')", '62')
    await refused("SELECT file('/etc/hostname')", '497')
    await refused("SELECT /* ' */ * FROM /* */ file /* */ ('/etc/hostname')", '497')
    await refused("SELECT 1 INTO OUTFILE '/tmp/hirundo-out'", '497')
    await refused('SET readonly = 0', '62')
  })

  test('text in strings and comments is not mistaken for a call', async () => {
    assert.deepEqual(await rows("SELECT 'file(1)' AS a, 'it''s url(' AS b -- s3('x')\n"), [{ a: 'file(1)', b: "it's url(" }])
  })

  test('errors carry ClickHouse’s code', async () => {
    await refused('SELECT * FROM nowhere', '60')
    await refused('SELEKT 1', '62')
  })

  test('questions run side by side', async () => {
    const begin = performance.now()
    await Promise.all([1, 2, 3].map((n) => rows(`SELECT sleep(0.5), ${n}`)))
    assert.ok(performance.now() - begin < 1_400, 'three readers sleep together')
  })
})
