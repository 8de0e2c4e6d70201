import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { realWorld } from '@hirundo/base'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { DeletionClock } from './clock.ts'
import { observatoryDb } from './tables.ts'
import { startTestDatabase, type TestDatabase } from './testing/node.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const YEARS = 3 * 365 * DAY
const NOW = Date.UTC(2026, 2, 10)

let database: TestDatabase
before(async () => {
  database = await startTestDatabase()
})
after(() => database.stop())

/** A node's clocks and what it says of them; `start` is a new process on the same database. */
class Machine {
  wall = NOW
  monotonic = 5000
  readonly warned: string[] = []
  clock!: DeletionClock
  readonly #db: Kysely<unknown>

  constructor(db: Kysely<unknown>) {
    this.#db = db
    this.start()
  }

  start(off_ms = 0): void {
    this.wall += off_ms
    // Another boot, another origin.
    this.monotonic = 77
    const log = pino({ level: 'warn' }, { write: (line: string) => void this.warned.push(line) })
    this.clock = new DeletionClock({ db: this.#db, world: { now: () => this.wall, random: realWorld.random, monotonic: () => this.monotonic }, log })
  }

  /** One round after this time. */
  after(ms: number): Promise<number | undefined> {
    this.wall += ms
    this.monotonic += ms
    return this.clock.now()
  }
}

const machine = (name: string, work: (machine: Machine, db: Kysely<unknown>) => Promise<void>) => test(name, async () => {
  const { db, close } = await database.fresh()
  await work(new Machine(db), db)
  await close()
})

machine('a clock that jumps while the node runs is not trusted until it ran evenly for a day, in whole', async (one) => {
  assert.equal(await one.after(0), NOW)
  assert.equal(await one.after(10 * 60_000), NOW + 10 * 60_000)
  one.wall += YEARS
  assert.equal(await one.after(0), undefined)
  assert.match(one.clock.held!, /set while/)
  assert.equal(one.warned.length, 1)
  assert.equal(await one.after(23 * HOUR), undefined)
  // Put right: that is a jump too, and the day begins anew.
  one.wall -= YEARS
  assert.equal(await one.after(2 * HOUR), undefined)
  assert.equal(await one.after(23 * HOUR), undefined)
  assert.equal(await one.after(HOUR), one.wall)
  assert.equal(one.clock.held, undefined)
})

machine('a clock that jumped while the node was off is not trusted, nor after it starts again', async (one) => {
  await one.after(0)
  for (let i = 0; i < 3; i++) {
    one.start(i === 0 ? YEARS : HOUR)
    assert.equal(await one.after(0), undefined)
    assert.equal(await one.after(20 * HOUR), undefined)
  }
  assert.match(one.clock.held!, /109\d days beyond/)
  assert.equal(await one.after(4 * HOUR), one.wall)
  one.start(6 * DAY)
  assert.equal(await one.after(0), one.wall)
})

machine('a node that was off for a week goes on at once, and small steps of a clock are none', async (one) => {
  await one.after(0)
  one.start(7 * DAY)
  assert.equal(await one.after(0), one.wall)
  one.wall += 59 * 60_000
  assert.equal(await one.after(60_000), one.wall)
})

machine('many small jumps within a day are one', async (one) => {
  await one.after(0)
  one.wall += 40 * 60_000
  assert.equal(await one.after(60_000), one.wall)
  one.wall += 40 * 60_000
  assert.equal(await one.after(60_000), undefined)
})

machine('a clock that falls back takes nothing from what was known; after a day it counts', async (one, db) => {
  const known = async () => (await observatoryDb(db).selectFrom('clock_evidence').select('wall_ms').executeTakeFirstOrThrow()).wall_ms
  await one.after(0)
  one.start(-YEARS)
  assert.equal(await one.after(0), NOW - YEARS)
  assert.equal(await known(), NOW)
  one.wall += YEARS
  assert.equal(await one.after(0), undefined)
  one.start()
  assert.equal(await one.after(0), NOW)
  // A clock that was wrong for longer than a day became the evidence; put right, it must guard again.
  one.start(YEARS)
  await one.after(0)
  assert.equal(await one.after(DAY), one.wall)
  one.start(-YEARS)
  await one.after(0)
  assert.equal(await one.after(DAY), await known())
  one.start(YEARS)
  assert.equal(await one.after(0), undefined)
})
