import assert from 'node:assert/strict'
import { it } from 'node:test'
import { serialize } from 'node:v8'
import { changePoint } from './change-point.ts'
import { growingFlows } from './core/columns.ts'
import type { Slice } from './core/slice.ts'
import { Engine } from './engine.ts'
import type { Detector } from './model.ts'
import { newBehaviour } from './new-behaviour.ts'
import { spike } from './spike.ts'
import { Draws } from './testing/draws.ts'
import { sliceOf } from './testing/slices.ts'
import { worm } from './worm.ts'

const detectors: readonly Detector[] = [changePoint, worm, newBehaviour, spike] as readonly Detector[]
const START = Date.UTC(2026, 0, 1) / 1000
const PORTS = 131_072
const bounds = {
  'change-point': { days_known_min: 0, ports_max: 200, watched_ports_max: 20, watched_sources_max: 2000, hosts_max: 5000 },
  'worm': { days_known_min: 0, ports_max: 200, watched_ports_max: 20, watched_sources_max: 2000 },
  'new': { ...newBehaviour.defaults, followed_max: 10, followed_sources_max: 2000, port: { ...newBehaviour.defaults.port, days_known_min: 0, visited_ports_max: 500, visitors_max: 3000, sweepers_max: 2000 } },
  'spike': { days_known_min: 0, ports_max: 200, watched_ports_max: 20, watched_sources_max: 2000, records_per_day_max: 10 },
}

/** A minute of rows drawn by `row`. */
function minuteOf(minute: number, rows: number, row: (i: number) => { source: number; port: number; sensor: number }): Slice {
  const growing = growingFlows()
  growing.reserve(rows)
  for (let i = 0; i < rows; i++) {
    const { source, port, sensor } = row(i)
    const c = growing.columns
    c.source[i] = source
    c.port[i] = port
    c.sensor[i] = sensor
    c.packets[i] = c.scan[i] = 1
  }
  return { ...sliceOf(minute, []), flows: { rows, ...growing.columns } }
}

/** Minutes of a flood, each followed by the rest of its bin in silence, over the end of a day. */
function flood(row: (draws: Draws, i: number) => { source: number; port: number; sensor: number }): { readonly engine: Engine; readonly given: number; readonly bytes: number } {
  const engine = new Engine({ scene: { addresses: 3, sensors: 3, own: { economies: [], asns: [], networks: [] } }, detectors, parameters: bounds })
  const draws = new Draws(5)
  let given = 0
  for (let bin = 0; bin < 9; bin++) {
    const minute = START + 86_400 - 3600 + bin * 600
    given += engine.push(minuteOf(minute, 40_000, (i) => row(draws, i))).length
    for (let quiet = 1; quiet < 10; quiet++) given += engine.push(sliceOf(minute + 60 * quiet, [])).length
  }
  assert.deepEqual(engine.health.flatMap(({ failed }) => failed ?? []), [])
  const { runs } = engine.save() as { runs: Record<string, unknown> }
  return { engine, given, bytes: Object.values(runs).reduce<number>((sum, run) => sum + serialize(run).length, 0) }
}
const shedOf = (engine: Engine): Record<string, number> => Object.fromEntries(engine.health.flatMap(({ kind, shed }) => Object.entries(shed).map(([name, count]) => [`${kind}.${name}`, count])))

it('random sources to random ports, one source to all ports, and random sources to one port fit the bounds and are counted', () => {
  // Arrays over all ports are the fixed part; what follows from traffic must stay small beside it.
  const quiet = flood(() => ({ source: 1, port: 80, sensor: 1 })).bytes
  const random = flood((draws) => ({ source: draws.below(2 ** 32), port: draws.below(PORTS), sensor: draws.below(3) }))
  const sweep = flood((_, i) => ({ source: 7, port: (i * 3) % PORTS, sensor: i % 3 }))
  const one_port = flood((draws) => ({ source: draws.below(2 ** 32), port: 4444, sensor: draws.below(3) }))
  for (const { bytes } of [random, sweep, one_port]) assert.ok(bytes - quiet < 3e6, `${bytes - quiet} bytes more than a quiet run`)
  assert.ok(shedOf(random.engine)['new.visitors']! > 0 && shedOf(random.engine)['new.sweepers']! > 0, JSON.stringify(shedOf(random.engine)))
  assert.ok(shedOf(one_port.engine)['spike.watched_sources']! + shedOf(one_port.engine)['new.followed_sources']! + shedOf(one_port.engine)['change-point.watched_sources']! > 0, JSON.stringify(shedOf(one_port.engine)))
  assert.ok(random.given < 200 && sweep.given < 50, `${random.given} and ${sweep.given} detections`)
})
