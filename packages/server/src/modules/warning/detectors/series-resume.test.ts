import assert from 'node:assert/strict'
import { it } from 'node:test'
import { deserialize, serialize } from 'node:v8'
import { changePoint } from './change-point.ts'
import { portKeyOf } from './core/port-key.ts'
import type { Heard } from './core/slice.ts'
import type { Detector } from './model.ts'
import { newBehaviour } from './new-behaviour.ts'
import { spike } from './spike.ts'
import { Draws } from './testing/draws.ts'
import { Noise, noisePort, region, type NoiseOptions, type Outage, type Plant } from './testing/noise.ts'
import { observe, Remembered } from './testing/observed.ts'
import { worm } from './worm.ts'

const detectors: readonly Detector[] = [changePoint, worm, newBehaviour, spike] as readonly Detector[]
const options: NoiseOptions = { ...region, ports: 25, top_rate: 15, strays: 15, sweeps: 20 }
const DAYS = 6
const event = (day: number): number => options.start + day * 86_400
const PORT = portKeyOf('tcp', 60_123)

/** Little is known and little is kept, so that all that is bounded fills and all that waits for days happens within some. */
const parameters = {
  'change-point': { days_known_min: 1, baseline_days: 3, ports_max: 30, watched_ports_max: 8, watched_sources_max: 400, episode_h_max: 12, raised_per_hour_max: 2 },
  'worm': { days_known_min: 1, baseline_days: 4, ports_max: 60, watched_ports_max: 8, watched_sources_max: 600, sources_min: 6 },
  'new': { ...newBehaviour.defaults, followed_h: 20, followed_max: 3, port: { ...newBehaviour.defaults.port, days_known_min: 1, sources_min: 5, regulars: 1, sweep_ports_max: 3, visited_ports_max: 60, visitors_max: 400, sweepers_max: 300 }, string: { ...newBehaviour.defaults.string, days_known_min: 1, window_days: 2, sources_min: { payload: 3, ja4: 3, credential: 3, url: 3 }, singles_max: 40, candidates_max: 12 } },
  'spike': { days_known_min: 2, ports_max: 20, sources_min: 10, watched_ports_max: 6, watched_sources_max: 500, notice: { ...spike.defaults.notice, sources_min: 15 } },
}

const plants: readonly Plant[] = [
  (minute, emit, draws) => { if (minute >= event(2.3) && minute < event(2.9)) for (let n = draws.poisson(2); n > 0; n--) emit(PORT, 0xfb000000 + draws.below(1 << 20), 1) },
  (minute, emit, draws) => { if (minute >= event(3.5) && minute < event(4.4)) for (let n = draws.poisson(8); n > 0; n--) emit(noisePort(2), 0xfb000000 + draws.below(1 << 20), 1) },
  (minute, emit, draws) => { if (minute >= event(2.5)) for (let n = draws.poisson(Math.min(20, 0.005 * 2 ** ((minute - event(2.5)) / 14_400))); n > 0; n--) emit(PORT + 1, 0xfb000000 + draws.below(1 << 20), 1) },
  (minute, emit, draws) => { if (minute >= event(3) && minute < event(5)) for (let n = draws.poisson(0.02); n > 0; n--) emit(PORT + 2, 0xfb000000 + draws.below(40) * 4099, 1) },
]
/** Machines that sweep over some quiet ports: whether they are known to decides what is new there. */
const sweepers: Plant = (minute, emit, draws) => { if (minute >= event(1.5)) for (let n = draws.poisson(0.08); n > 0; n--) emit(PORT + 10 + draws.below(40), 0xfc000000 + draws.below(12) * 4099, 1) }
const missing: Outage = (minute, sensor) => (minute >= event(4.1) && minute < event(4.3) && sensor % 3 !== 0) || (minute >= event(5.1) && minute < event(5.15))

const heard = (seed: number) => {
  const draws = new Draws(seed)
  return (minute: number): Heard[] => Array.from({ length: draws.poisson(0.1) }, () => ({
    at: minute - 60 * draws.below(30), sensor: draws.below(6), source: draws.below(4000) * 256, src_port: 1, port: PORT, handshake: 'dialogue' as const, protocol: '', requests: 1, bytes_in: 0, bytes_out: 0,
    payload_sha256: `${draws.below(60)}`, ja4: draws.below(9) === 0 ? `${draws.below(400)}` : '', credentials: [`u\n${Math.floor(minute / 86_400 / 2)} ${draws.below(9)}`], urls: [], research: draws.below(9) === 0, economy: 0, asn: 0,
  }))
}
const slices = (seed: number) => new Noise({ ...options, seed }, [...plants, sweepers], missing).minutes(DAYS * 1440, heard(seed))

for (const seed of [1, 2]) {
  it(`goes on from what was saved as if nothing had been between, and gives evidence that comes out again (seed ${seed})`, () => {
    const memory = new Remembered()
    const observing = { detectors, parameters, sensors: 60 }
    const states: unknown[] = []
    const keep = (saved: unknown): void => void states.push((deserialize(serialize(saved)) as { runs: unknown }).runs)
    const straight = observe(slices(seed), { ...observing, see: memory.see, keep })
    assert.deepEqual(new Set(straight.map(({ one }) => one.kind)), new Set(['change-point', 'worm', 'new', 'spike']))
    const draws = new Draws(seed + 100)
    // Within minutes, bins, days, and in each of the events.
    const cuts = Array.from({ length: 25 }, () => draws.below(DAYS * 1440))
    assert.deepEqual(observe(slices(seed), { ...observing, cuts, keep }), straight)
    // What was not told yet, too.
    assert.deepEqual(states[1], states[0])
    for (const { one } of straight) if (one.evidence.every(({ query }) => query.of === 'scans')) memory.check(one)
  })
}
