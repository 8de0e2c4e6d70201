/**
 * `warning-run.ts JSON`: one scenario through all detectors in a process of its own, so that its time and memory are its own.
 * Prints one line of JSON.
 */
import { Scenario, type ScenarioOptions } from '../scenario/index.ts'
import { replay } from '../scenario/replay.ts'

const MINUTE_S = 60

/** A worm when it was first warned of, by any kind and by the kind `worm`: the share of its final size that it had. */
export interface WormWarned {
  readonly label: string
  readonly strength: string
  readonly any: number | null
  readonly worm: number | null
}

const harmlessOf = ({ labels, scored_from_s }: Scenario) => labels
  .filter(({ kinds, start }) => kinds.length === 0 && Date.parse(start) / 1000 >= scored_from_s).map(({ id, event }) => ({ id, event }))

export type WarningRun = ReturnType<typeof run>

/** `keep: false`: what it costs; nothing is scored. */
export type WarningRunOptions = ScenarioOptions & { readonly keep?: boolean }

function run({ keep = true, ...options }: WarningRunOptions) {
  const scenario = new Scenario(options)
  const { score, health, packets, rows, generated_s, detected_s } = replay(scenario, {
    keep,
    onDay: (second) => void process.stderr.write(`\r  ${new Date((second - MINUTE_S) * 1000).toISOString().slice(0, 10)} `),
  })
  process.stderr.write('\r')
  const worms = scenario.worms.map(({ label, hosts_final, hostsAt }): WormWarned => {
    const { raised, label: { strength } } = score.wanted.find((one) => one.label.id === label)!
    const shareAt = (at: number | undefined) => (at === undefined ? null : hostsAt(at) / hosts_final)
    return { label, strength, any: shareAt(raised[0]?.at), worm: shareAt(raised.find(({ kind }) => kind === 'worm')?.at) }
  })
  return {
    options, result: score.result, harmless: harmlessOf(scenario), worms, packets, rows, generated_s, detected_s,
    wanted: score.wanted.map(({ label, raised }) => ({ id: label.id, raised })),
    alarms: score.alarms.map(({ found, raised_at, labels, because_of }) => ({ kind: found.kind, subject: found.subject, severity: found.severity, start: found.start, end: found.end, raised_at, labels, because_of })),
    failed: health.flatMap(({ kind, failed }) => (failed === undefined ? [] : [`${kind}: ${failed}`])),
    addresses: scenario.world.addresses, sensors: scenario.sensors.length, peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
  }
}

if (process.argv[2] !== undefined && import.meta.main) process.stdout.write(`${JSON.stringify(run(JSON.parse(process.argv[2]) as WarningRunOptions))}\n`)
