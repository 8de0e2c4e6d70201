import { Engine, FoundBook, score, SliceBuilder, type DetectorHealth, type EngineOptions, type Given, type Score } from '@hirundo/server/backtest'
import { knownOf, ownCidr } from './hosts.ts'
import type { Scenario } from './scenario.ts'

export interface ReplayOptions extends Pick<EngineOptions, 'only' | 'parameters' | 'detectors'> {
  /** Called at the end of each day of observations. */
  readonly onDay?: (second: number) => void
  /** False: detections are given on and forgotten, as a node does that has stored them; nothing is scored. */
  readonly keep?: boolean
  /** Sees each detection as it is given. */
  readonly onGiven?: (given: Given) => void
}

export interface Replay {
  readonly score: Score
  readonly health: readonly DetectorHealth[]
  readonly packets: number
  readonly rows: number
  /** Seconds of the generator, and of slices and detectors. */
  readonly generated_s: number
  readonly detected_s: number
}

const DAY_S = 86_400

/** Runs a scenario through slices and all detectors in this process, minute by minute, and scores what they gave. */
export function replay(scenario: Scenario, { only, parameters, detectors, onDay, onGiven, keep: keeps = true }: ReplayOptions = {}): Replay {
  const { world } = scenario
  const engine = new Engine({
    scene: { addresses: world.addresses, sensors: world.sensors.length, own: { economies: [], asns: [], networks: [ownCidr] } },
    ...(only ? { only } : {}), ...(parameters ? { parameters } : {}), ...(detectors ? { detectors } : {}),
  })
  const builder = new SliceBuilder(engine.book, knownOf)
  const book = new FoundBook()
  const keep = (detections: Iterable<Given['detection']>, at: number): void => {
    for (const detection of detections) {
      if (keeps) book.add({ detection, at })
      onGiven?.({ detection, at })
    }
  }
  let detected_ms = 0
  const started_ms = performance.now()
  for (let more = true; more;) {
    more = scenario.step((kind, sensor, rows, body) => {
      const from_ms = performance.now()
      builder.addBatch(kind, sensor + 1, rows, body)
      detected_ms += performance.now() - from_ms
    })
    const from_ms = performance.now()
    // What a clock that ran ahead wrote waits for its minute; at the end there is none.
    for (const slice of builder.take(scenario.next_s)) keep(engine.push(slice), slice.minute + 60)
    if (scenario.next_s % DAY_S === 0) onDay?.(scenario.next_s)
    detected_ms += performance.now() - from_ms
  }
  keep(engine.end(), world.end_s)
  const shed = Object.fromEntries([['slices', builder.shed], ...engine.health.map(({ kind, shed }) => [kind, shed] as const)]
    .flatMap(([name, counts]) => Object.entries(counts).map(([what, count]) => [`${name as string}.${what}`, count as number])))
  return {
    score: score({ from_s: scenario.scored_from_s, to_s: world.end_s, synthetic: true, found: book.found(), labels: scenario.labels, shed }),
    health: engine.health, packets: scenario.packets, rows: scenario.rows,
    generated_s: (performance.now() - started_ms - detected_ms) / 1000, detected_s: detected_ms / 1000,
  }
}
