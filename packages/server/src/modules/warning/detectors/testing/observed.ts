import assert from 'node:assert/strict'
import { deserialize, serialize } from 'node:v8'
import { portSubject } from '../core/port-key.ts'
import type { Slice } from '../core/slice.ts'
import { Engine } from '../engine.ts'
import type { Detection, Detector } from '../model.ts'

/** A detection and the second at which it was given. */
export interface GivenOne { readonly one: Detection; readonly at: number }

export interface Observing {
  readonly detectors: readonly Detector[]
  readonly parameters?: Readonly<Record<string, object>>
  /** Sensors of the scene. */
  readonly sensors: number
  /** Minutes (counted from 0) before which the engine is saved, and made anew of what was saved. */
  readonly cuts?: readonly number[]
  /** Sees each slice too. */
  readonly see?: (slice: Slice) => void
  /** Gets what the engine knows at the end. */
  readonly keep?: (saved: unknown) => void
}

/** Runs detectors over slices as a node does; a detector that throws fails the test. */
export function observe(slices: Iterable<Slice>, { detectors, parameters = {}, sensors, cuts = [], see, keep }: Observing): GivenOne[] {
  const options = { scene: { addresses: 270, sensors, own: { economies: [], asns: [], networks: [] } }, detectors, parameters, seed: 7 }
  let engine = new Engine(options)
  const given: GivenOne[] = []
  let minute = 0
  let last = 0
  for (const slice of slices) {
    if (cuts.includes(minute++)) engine = new Engine({ ...options, saved: deserialize(serialize(engine.save())) })
    see?.(slice)
    last = slice.minute + 60
    for (const one of engine.push(slice)) given.push({ one, at: last })
  }
  keep?.(engine.save())
  for (const one of engine.end()) given.push({ one, at: last })
  assert.deepEqual(engine.health.flatMap(({ kind, failed }) => (failed === undefined ? [] : [`${kind}: ${failed}`])), [])
  return given
}

/** The newest of each event; alarms only unless told otherwise. */
export function newest(given: readonly GivenOne[], records = false): Detection[] {
  const events = new Map<string, Detection>()
  for (const { one } of given) events.set(`${one.kind} ${JSON.stringify(one.subject)} ${one.start}`, one)
  return [...events.values()].filter(({ severity }) => records || severity !== 'record')
}

export const firstAt = (given: readonly GivenOne[], fits: (one: Detection) => boolean): number | undefined =>
  given.find(({ one }) => one.severity !== 'record' && fits(one))?.at

interface Row { readonly minute: number; readonly source: number; readonly sensor: number; readonly port: number; readonly scan: number }

/** Keeps what was observed, and asks it what evidence asks the store. */
export class Remembered {
  readonly #rows: Row[] = []

  readonly see = ({ minute, flows }: Slice): void => {
    for (let i = 0; i < flows.rows; i++) {
      if (flows.research[i] !== 1) this.#rows.push({ minute, source: flows.source[i]!, sensor: flows.sensor[i]!, port: flows.port[i]!, scan: flows.scan[i]! })
    }
  }

  /** Every number of every piece of evidence must come out again. */
  check(detection: Detection): void {
    for (const { query, packets, sources, sensors } of detection.evidence) {
      const { of, from, to, protocol, port, research } = query
      assert.deepEqual([of, research], ['scans', 'exclude'])
      const [first, last] = [Date.parse(from) / 1000, Date.parse(to) / 1000]
      assert.ok(first % 60 === 0 && last % 60 === 0 && last > first, `${from} … ${to}`)
      const rows = this.#rows.filter((row) => row.minute >= first && row.minute < last && row.scan > 0 && (port === undefined || (portSubject(row.port).port === port && portSubject(row.port).protocol === protocol)))
      const name = `${detection.kind} ${JSON.stringify(detection.subject)} ${from} ${to}`
      assert.equal(packets, rows.reduce((sum, { scan }) => sum + scan, 0), `packets of ${name}`)
      if (sources !== null) assert.equal(sources, new Set(rows.map(({ source }) => source)).size, `sources of ${name}`)
      if (sensors !== null) assert.equal(sensors, new Set(rows.map(({ sensor }) => sensor)).size, `sensors of ${name}`)
    }
  }
}
