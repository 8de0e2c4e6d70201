import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serialize } from 'node:v8'
import { campaign } from './campaign.ts'
import { changePoint } from './change-point.ts'
import { growingBackscatter, growingFlows } from './core/columns.ts'
import { portKeyOf } from './core/port-key.ts'
import type { Slice } from './core/slice.ts'
import { drdos } from './drdos.ts'
import { Engine } from './engine.ts'
import type { Detector, Run, Scene } from './model.ts'
import { newBehaviour } from './new-behaviour.ts'
import { ownNetwork } from './own-network.ts'
import { rsdos } from './rsdos.ts'
import { scan } from './scan.ts'
import { spike } from './spike.ts'
import { synchronised } from './synchronised.ts'
import { heardOf } from './testing/heard.ts'
import { sliceOf } from './testing/slices.ts'
import { worm } from './worm.ts'

const START = Date.UTC(2026, 0, 1) / 1000
const ROWS = 250_000
/** Everybody is ours, so that all detectors have to do with each source. */
const scene: Scene = { addresses: 65_536, sensors: 60, own: { economies: [], asns: [], networks: ['0.0.0.0/0'] }, seed: 11 }

/** 32 random bits; the same in each run. */
let state = 1
function draw(): number {
  state = (state + 0x9e3779b9) >>> 0
  let h = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

interface Flooded { readonly flows: ReturnType<typeof growingFlows>; readonly backscatter: ReturnType<typeof growingBackscatter> }
const flooded: Flooded = { flows: growingFlows(), backscatter: growingBackscatter() }
flooded.flows.reserve(ROWS)
flooded.backscatter.reserve(ROWS)

/** A minute of rows; `fill` says what the i-th is from and to. Its columns are used again by the next. */
function flood(minute: number, fill: (i: number) => { readonly source: number; readonly port: number }): Slice {
  const f = flooded.flows.columns
  const b = flooded.backscatter.columns
  for (let i = 0; i < ROWS; i++) {
    const { source, port } = fill(i)
    f.source[i] = b.victim[i] = source
    f.port[i] = portKeyOf('tcp', port)
    f.sensor[i] = b.sensor[i] = i % 60
    f.network[i] = i % 256
    f.packets[i] = f.scan[i] = f.destinations[i] = b.packets[i] = b.ports[i] = 1
    f.ttl[i] = 64
    f.window[i] = source & 0xffff
    b.bin[i] = minute + 10 * Math.floor((6 * i) / ROWS)
    b.protocol[i] = 6
  }
  const { syns, watched, addressText } = sliceOf(minute, [])
  return { minute, flows: { rows: ROWS, ...f }, backscatter: { rows: ROWS, ...b }, syns, heard: [], watched, addressText }
}

/** What a run holds, as its longest columns are long. */
function held(run: Run): number {
  const lengths: number[] = []
  const look = (value: unknown): void => {
    if (value instanceof Float64Array) lengths.push(value.length)
    else if (Array.isArray(value)) lengths.push(value.length)
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) for (const one of Object.values(value)) look(one)
  }
  look((run.save() as { events?: unknown }).events ?? run.save())
  return Math.max(...lengths)
}

const bounds: readonly (readonly [Detector, number])[] = [
  [rsdos, 6 * rsdos.defaults.victims_max], [scan, scan.defaults.scans_max], [ownNetwork, 16 * ownNetwork.defaults.sources_max], [campaign, campaign.defaults.pairs_max],
]
const sum = (shed: Readonly<Record<string, number>>): number => Object.values(shed).reduce((total, one) => total + one, 0)

test('ten million random sources, and then one source to all ports, stay within the bounds of every detector', () => {
  const runs = bounds.map(([detector, bound]) => ({ kind: detector.kind, bound, run: detector.start(detector.defaults, scene) }))
  for (let i = 0; i < 40; i++) {
    const slice = flood(START + 60 * i, () => ({ source: draw(), port: draw() & 0xffff }))
    for (const { run } of runs) run.minute!(slice)
  }
  for (const { kind, bound, run } of runs) {
    assert.ok(held(run) <= bound, `${kind} holds ${held(run)} of ${bound}`)
    assert.ok(sum(run.shed) > 1_000_000, `${kind} says what it left out: ${JSON.stringify(run.shed)}`)
  }
  for (let i = 40; i < 42; i++) {
    const slice = flood(START + 60 * i, (row) => ({ source: 7, port: row & 0xffff }))
    for (const { run } of runs) run.minute!(slice)
  }
  for (const { kind, bound, run } of runs) assert.ok(held(run) <= bound, kind)
})

test('a million requests in made-up names and of made-up protocols stay within the bounds', () => {
  const run = drdos.start(drdos.defaults, scene)
  for (let i = 0; i < 10; i++) {
    const heard = Array.from({ length: 100_000 }, () => heardOf(START + 60 * i, { source: draw(), protocol: draw() % 3 === 0 ? `made-up-${draw()}` : 'dns', src_port: draw() & 0xffff }))
    run.minute!(sliceOf(START + 60 * i, [], { heard }))
  }
  assert.ok(held(run) <= 8 * drdos.defaults.victims_max)
  assert.ok(run.shed['victims']! > 500_000)
})

/** Detectors of series, with what they may know at most, saved. */
const series: readonly (readonly [Detector, mebibytes: number])[] = [
  [newBehaviour, 16], [spike, 10], [worm, 30], [changePoint, 10], [synchronised, 30],
] as readonly (readonly [Detector, number])[]
/** As if days were known: all that waits for them is tried at once. */
const known = {
  'change-point': { days_known_min: 0 }, worm: { days_known_min: 0 }, spike: { days_known_min: 0 },
  new: { port: { ...newBehaviour.defaults.port, days_known_min: 0 }, string: { ...newBehaviour.defaults.string, days_known_min: 0 } },
}

test('a million random sources, one source to all ports, many ports that are new at once and unique payloads end no detector of series', () => {
  const engine = new Engine({ scene, detectors: series.map(([detector]) => detector), parameters: known, seed: 3 })
  const floods: readonly ((i: number) => { readonly source: number; readonly port: number })[] = [
    ...Array.from({ length: 4 }, () => () => ({ source: draw(), port: draw() & 0xffff })),
    (i) => ({ source: 7, port: i & 0xffff }),
    (i) => ({ source: draw(), port: 20_000 + Math.floor(i / 25) }),
    () => ({ source: draw(), port: 4444 }),
  ]
  let given = 0
  for (const [n, fill] of floods.entries()) {
    // One in each bin, the last before midnight.
    const minute = START + 86_400 - 600 * (floods.length - n)
    const heard = Array.from({ length: 20_000 }, () => heardOf(minute, { source: draw(), payload_sha256: `${draw()}`, ja4: `${draw()}` }))
    given += engine.push({ ...flood(minute, fill), heard }).length
    given += engine.advance(minute + 600).length
  }
  assert.deepEqual(engine.health.flatMap(({ kind, failed }) => (failed === undefined ? [] : [`${kind}: ${failed}`])), [])
  const { runs } = engine.save() as { runs: Record<string, unknown> }
  for (const [{ kind }, mebibytes] of series) {
    const bytes = serialize(runs[kind]).length
    assert.ok(bytes < mebibytes * 2 ** 20, `${kind} holds ${bytes} bytes`)
  }
  for (const { kind, shed } of engine.health) assert.ok(sum(shed) > 50_000, `${kind} says what it left out: ${JSON.stringify(shed)}`)
  const { followed = 0, strings = 0 } = engine.health.find(({ kind }) => kind === 'new')!.shed
  assert.ok(followed > 9000 && strings > 100_000, 'of ten thousand new ports most are left out, and of strings of one source each')
  assert.ok(given < 2500, `${given} detections`)
})
