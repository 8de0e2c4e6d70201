/**
 * `node bench-interactions.ts --data DIR [--rows 5000000] [--count 20] [--seed 1] [--only NAME]`: fills DIR with made-up
 * interactions of 30 days if it is empty, asks each answer about them `count` times, and prints a table and one JSON line.
 */
import { DAY_S } from '@hirundo/base'
import { parseArgs } from 'node:util'
import { openDatabase, type Database } from '../client.ts'
import { startEmbedded } from '../embedded/embedded.ts'
import { examLayouts } from '../exam/rows.ts'
import type { InteractionQuestion } from '../interactions/model.ts'
import { openStore } from '../open-store.ts'
import { enrichSql } from '../schema/networks.ts'
import { Bindings } from '../sql.ts'
import type { Store } from '../store.ts'
import { benchNetworks } from './generate.ts'
import { measure, type Measured } from './measure.ts'
import type { Asked } from './questions.ts'

const FROM = Date.UTC(2026, 0, 1) / 1000
const DAYS = 30
const SENSORS = 44
const ATTACKS = 20_000
const insertSettings = { async_insert: 0 as const, max_threads: 2, max_insert_threads: '1', max_block_size: '100000', min_insert_block_size_rows: '600000', min_insert_block_size_bytes: '0', max_execution_time: 600 }

const r = (stream: number): string => `(cityHash64(n, {seed:UInt32}, ${stream}) / 18446744073709551616.0)`
const ofAttack = (stream: number): string => `(cityHash64(attack, {seed:UInt32}, ${stream}) / 18446744073709551616.0)`

/**
 * A quarter are UDP requests in the name of victims, each attack some minutes long; the others are logins (few words that
 * all try, and a long tail) and HTTP requests, from 80,000 sources of which few are loud. All lie in 240.0.0.0/4.
 */
const generated = `
SELECT 1 AS organisation, toUInt32(1 + floor(${r(1)} * ${SENSORS})) AS sensor, toUInt64(n) AS block,
  fromUnixTimestamp64Milli(toInt64(1000 * ({from:UInt32} + if(udp, ${ofAttack(2)} * {length:UInt32} * 0.99 + ${r(3)} * 900, ${r(3)} * {length:UInt32}))), 'UTC') AS at,
  toInt32(20) AS clock_error_ms,
  if(udp, toIPv6(toIPv4(toUInt32(4026531840 + cityHash64(attack, 4) % 200000000))), toIPv6(toIPv4(toUInt32(4026531840 + cityHash64(floor(pow(${r(4)}, 3) * 80000), 5) % 200000000)))) AS src,
  toUInt16(1024 + floor(${r(5)} * 60000)) AS src_port, toUInt16(if(udp, 53, 23)) AS dst_port, toUInt8(udp) AS transport,
  toUInt8(if(udp, 0, 1 + (${r(6)} < 0.8))) AS handshake, toUInt32(if(udp, 1 + floor(${r(7)} * 60), 1)) AS requests, toUInt64(60) AS bytes_in, toUInt64(90) AS bytes_out,
  toUInt32(floor(${r(8)} * 60000)) AS duration_ms, toUInt8(0) AS truncated,
  if(udp, ['dns', 'ntp', 'cldap', 'memcached'][1 + cityHash64(attack, 9) % 4], if(http, 'http', 'telnet')) AS protocol,
  substring(SHA256(toString(floor(pow(${r(9)}, 4) * 100000))), 1, 32) AS payload_sha256, randomStringUTF8(toUInt32(10 + n % 60)) AS sample,
  if(udp OR http, [], arrayMap(i -> (['root', 'admin', 'user', concat('u', toString(n % 1000))][1 + (n + i) % 4], concat('pass', toString(floor(pow(cityHash64(n, i, 7) / 18446744073709551616.0, 4) * 300000)))), range(1 + n % 4)))::Array(Tuple(user String, password String)) AS logins,
  if(n % 20 = 0, [concat('http://198.51.100.', toString(n % 200), '/bins/', toString(floor(pow(${r(10)}, 3) * 5000)))], [])::Array(String) AS urls,
  if(http, map('http.path', concat('/p', toString(floor(pow(${r(11)}, 3) * 20000))), 'http.method', 'GET'), map())::Map(String, String) AS facts,
  if(n % 3 = 0, 'mirai', '') AS guess_name, if(n % 3 = 0, 'telnet.commands ~ busybox', '') AS guess_rule
FROM (SELECT number + {first:UInt64} AS n, ${r(12)} < 0.25 AS udp, ${r(13)} < 0.2 AS http, floor(${r(14)} * ${Math.round(ATTACKS / DAYS)}) + {slice:UInt32} * 1000 AS attack FROM numbers({count:UInt64}))`

async function fill(store: Store, db: Database, rows: number, seed: number): Promise<void> {
  await store.loadNetworks(benchNetworks())
  for (let slice = 0; slice < DAYS; slice++) {
    const b = new Bindings()
    const count = Math.round(rows / DAYS)
    Object.assign(b.values, { seed, slice, from: FROM + slice * DAY_S, length: DAY_S, first: slice * count, count })
    await db.command(`INSERT INTO interaction SELECT *, ${enrichSql} FROM (${generated})`, b, insertSettings)
  }
  await db.command('OPTIMIZE TABLE interaction FINAL', undefined, { max_execution_time: 600 })
}

const lengths = [1, 7, 30]
const asked = (random: () => number, days: number): InteractionQuestion => {
  const from = FROM + Math.floor(random() * (DAYS - days)) * DAY_S
  return { organisation: 1, from, to: from + days * DAY_S, research: 'include' }
}

const over = (name: string, ask: (store: Store, question: InteractionQuestion, random: () => number) => Promise<unknown>): Asked[] =>
  lengths.map((days) => ({ name: `${name} ${days} d`, ask: (store, random) => ask(store, asked(random, days), random) }))

async function questionsOf(store: Store): Promise<Asked[]> {
  const sources = (await store.interactions.top('sources', asked(() => 0, DAYS), 500)).map(({ key }) => key)
  const one = (random: () => number): string => sources[Math.floor(random() * sources.length)]!
  return [
    ...over('evidence', (at, question, random) => at.interactions.evidence(one(random), question)),
    ...over('of a source', (at, question, random) => at.interactions.of(one(random), question, 100)),
    ...(['credentials', 'passwords', 'urls', 'sources', 'paths', 'functions', 'amplifiers'] as const).flatMap((what) => over(`top ${what}`, (at, question) => at.interactions.top(what, question, 20))),
    ...over('series', (at, question) => at.interactions.series(question, 3600)),
    ...over('attacks ampot', (at, question) => at.interactions.attacks(question, { packets_min: 100, gap_s: 600 }, 100)),
    ...over('attacks hopscotch', (at, question) => at.interactions.attacks(question, { packets_min: 5, gap_s: 900 }, 100)),
    ...over('common passwords', (at, question) => at.interactions.common('passwords', question, 3, 1000)),
    ...over('sensors heard', (at, question) => at.interactions.sensorsHeard(question)),
  ]
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: {
    rows: { type: 'string', default: '5000000' }, data: { type: 'string' }, count: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  } })
  if (!values.data) throw new Error('--data DIR is missing')
  const embedded = await startEmbedded({ directory: values.data })
  const address = { url: embedded.url, agent: embedded.agent }
  const [store, db] = [openStore({ ...address, layouts: examLayouts }), openDatabase(address)]
  await store.migrate()
  const seed = Number(values.seed)
  const all = { from: FROM, to: FROM + DAYS * DAY_S }
  if ((await store.interactions.stored(all)).rows === 0) await fill(store, db, Number(values.rows), seed)
  const measured: Measured[] = []
  for (const question of (await questionsOf(store)).filter(({ name }) => name.includes(values.only))) {
    const one = await measure(store, question, Number(values.count), seed)
    measured.push(one)
    process.stdout.write(`${one.name.padEnd(24)} p50 ${String(one.p50_ms).padStart(8)} ms   p95 ${String(one.p95_ms).padStart(8)} ms   max ${String(one.max_ms).padStart(8)} ms${one.failed > 0 ? `   failed ${one.failed}` : ''}\n`)
  }
  const tables = await store.size()
  process.stdout.write(`${JSON.stringify({ bench: 'interactions', count: Number(values.count), seed, answers: measured, table: tables.find(({ table }) => table === 'interaction') })}\n`)
  await Promise.all([store.close(), db.close()])
  await embedded.stop()
}

await main()
