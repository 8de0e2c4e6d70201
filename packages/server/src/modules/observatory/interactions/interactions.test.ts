import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { startTestDatabase, type TestDatabase } from '../testing/node.ts'
import { lastHour, startDoors, type Doors } from './testing/doors.ts'
import { heard } from './testing/memory-interactions.ts'

const NOW = Math.floor(Date.now() / 60_000) * 60_000
const range = lastHour(NOW)
let database: TestDatabase
let doors: Doors
let north: number
before(async () => {
  database = await startTestDatabase()
  doors = await startDoors(database)
  north = await doors.sensor('north', { simulated: true })
  await doors.sensor('south')
})
after(async () => {
  await doors?.close()
  await database?.stop()
})
beforeEach(() => {
  doors.heard.rows = []
  doors.heard.failure = undefined
})

const evidence = (address: string, more = '', options: Parameters<Doors['ask']>[2] = {}) => doors.ask('GET', `/sources/${address}/evidence?${range}${more}`, options)

test('evidence has the strength of its strongest piece, newest first, with what an ISP needs', async () => {
  doors.heard.rows = [
    heard({ at_ms: NOW - 5000, sensor: north, handshake: 'none', transport: 'udp', clock_error_ms: -1 }),
    heard({ at_ms: NOW - 1250, sensor: north, handshake: 'completed', src_port: 51_000, guess_name: 'mirai', guess_rule: 'telnet-busybox' }),
  ]
  const { status, body } = await evidence('240.0.0.1')
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual([body.sensors_heard, body.sensors_total, body.simulated, body.note, body.tables_as_of], [1, 2, true, null, '2026-01-01'])
  assert.deepEqual([body.data.strength, body.data.counts, body.data.sensors], ['completed', { none: 1, completed: 1, dialogue: 0 }, 1])
  assert.deepEqual(body.data.evidence.map((one: Record<string, unknown>) => [one['at'], one['clock_error_ms'], one['sensor'], one['src_port'], one['guess']]), [
    [new Date(NOW - 1250).toISOString(), 5, 'north', 51_000, { name: 'mirai', rule: 'telnet-busybox' }],
    [new Date(NOW - 5000).toISOString(), null, 'north', 40_000, null],
  ])
  const nothing = await evidence('240.0.0.2')
  assert.deepEqual([nothing.body.data.strength, nothing.body.data.evidence, nothing.body.data.first_seen], [null, [], null])
  assert.equal((await evidence('::ffff:240.0.0.1')).body.data.source, '240.0.0.1')
})
