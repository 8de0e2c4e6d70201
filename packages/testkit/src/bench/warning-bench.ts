import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { findingKinds } from '@hirundo/contract'
import { groupsFor, strengths, type SensorGroup, type Strength } from '../scenario/index.ts'
import { median } from './measure.ts'
import { causedBy, type Caused } from './warning-twin.ts'
import type { Line } from './report.ts'
import type { WarningRun, WarningRunOptions } from './warning-run.ts'

export interface WarningSettings {
  readonly days: number
  readonly sensors: number
  readonly seeds: readonly number[]
  readonly strengths: readonly Strength[]
}
/** Seeds that are fixed in the repository. */
const defaults = { days: 30, sensors: 60, seeds: [1, 2, 3], strengths } as const

/** From the command line. Throws on what is none. */
export function warningSettings(given: { readonly [name in 'days' | 'sensors' | 'seeds' | 'strength']?: string | undefined }): WarningSettings {
  const whole = (text: string | undefined, otherwise: number): number => {
    const value = text === undefined ? otherwise : Number(text)
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`"${text}" is no whole number above 0`)
    return value
  }
  const wanted = given.strength?.split(',') ?? defaults.strengths
  const unknown = wanted.find((one) => !(strengths as readonly string[]).includes(one))
  if (unknown !== undefined) throw new RangeError(`--strength ${unknown}: strengths are ${strengths.join(', ')}`)
  return {
    days: whole(given.days, defaults.days), sensors: whole(given.sensors, defaults.sensors), strengths: wanted as readonly Strength[],
    seeds: given.seeds?.split(',').map((seed) => whole(seed, 1)) ?? defaults.seeds,
  }
}

export interface WarningBench {
  readonly lines: readonly Line[]
  readonly result: Readonly<Record<string, unknown>>
}

const goals = { recall: 0.95, false_alarms_per_day: 1, precision: 0.9, worm_share: 0.01, seconds: 300, rss_bytes: 1024 ** 3 } as const
/** A day of a hundred sensors with 50 M packets: 76 addresses each at 6,600 packets. */
const LARGE: readonly SensorGroup[] = [[100, 76]]
const MiB = 1024 ** 2

/** A scenario in a process of its own. */
async function runOf(options: WarningRunOptions): Promise<WarningRun> {
  const script = fileURLToPath(new URL('warning-run.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => { said += text })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`a scenario ended with ${code}`)
  return JSON.parse(said) as WarningRun
}

/** All of them, as many at once as there are cores. */
async function runAll(all: readonly WarningRunOptions[], say: (text: string) => void): Promise<WarningRun[]> {
  const results: WarningRun[] = []
  let next = 0
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), all.length) }, async () => {
    while (next < all.length) {
      const at = next++
      const run = (results[at] = await runOf(all[at]!))
      say(`  seed ${run.options.seed}: ${million(run.packets)} M packets; made in ${run.generated_s.toFixed(0)} s, looked at in ${run.detected_s.toFixed(0)} s; ${megabytes(run.peak_rss_bytes)}`)
    }
  }))
  return results
}

/** SYNTHETIC months through all detectors: what of the planted was found, what was raised besides, and what a large day costs. */
export async function warningBench(chosen: WarningSettings, say: (text: string) => void): Promise<WarningBench> {
  const sensors = groupsFor(chosen.sensors)
  say(`${chosen.days} days of ${chosen.sensors} sensors after a warm-up, seeds ${chosen.seeds.join(', ')}: SYNTHETIC …`)
  const runs = await runAll(chosen.seeds.map((seed) => ({ seed, days: chosen.days, sensors, strengths: chosen.strengths })), say)
  say('one day of 100 sensors, 50 M packets …')
  const large = await runOf({ seed: 1, days: 1, warm_up_days: 0, sensors: LARGE, strengths: ['medium'], keep: false })
  const caused = await causedBySeed(runs, say)
  for (const line of details(runs)) say(line)
  return { lines: [...judgedLines(runs), ...harmlessLines(caused), ...costLines(large)], result: { runs: runs.map(withoutLists), caused, large: withoutLists(large) } }
}

/** Worlds in which a false alarm lies in the time of a harmless event are run again without these events. */
async function causedBySeed(runs: readonly WarningRun[], say: (text: string) => void): Promise<Caused[]> {
  const suspects = runs.filter(({ alarms }) => alarms.some(({ because_of }) => because_of.length > 0))
  if (suspects.length > 0) say(`seeds ${suspects.map(({ options }) => options.seed).join(', ')} without harmless events, to see what is because of them …`)
  const twins = await runAll(suspects.map(({ options }) => ({ ...options, harmless: [] })), say)
  return runs.flatMap((run) => causedBy(run, twins[suspects.indexOf(run)]))
}

function harmlessLines(caused: readonly Caused[]): Line[] {
  return [...Map.groupBy(caused, ({ event }) => event)].map(([event, group]): Line => {
    const count = group.filter(({ is_cause }) => is_cause).length
    const at_the_time = group.filter((one) => one.at_the_time).length
    return { what: `${event}: events with a finding because of them`, goal: '0', reached: `${count} of ${group.length} (${at_the_time} with a false alarm at the time)`, met: count === 0 }
  })
}

const withoutLists = ({ result, ...run }: WarningRun) => ({ ...run, alarms: run.alarms.length, result })

const sumOf = (runs: readonly WarningRun[], of: (run: WarningRun) => number): number => runs.reduce((sum, run) => sum + of(run), 0)
const ratioText = (part: number, whole: number): string => (whole === 0 ? '–' : `${(part / whole).toFixed(3)} (${part} of ${whole})`)
const million = (count: number): string => (count / 1e6).toFixed(1)
const megabytes = (bytes: number): string => `${Math.round(bytes / MiB)} MiB`
const percent = (share: number | null): string => (share === null ? 'never' : `${(share * 100).toFixed(3)} %`)

function judgedLines(runs: readonly WarningRun[]): Line[] {
  const rows = runs.flatMap(({ result }) => result.by_event)
  const medium = rows.filter(({ strength, recall }) => strength === 'medium' && recall !== null)
  const [found, labels] = [medium.reduce((sum, row) => sum + row.found, 0), medium.reduce((sum, row) => sum + row.labels, 0)]
  const days = sumOf(runs, ({ result }) => result.days)
  const false_alarms = sumOf(runs, ({ result }) => result.false_alarms)
  const alarms = sumOf(runs, ({ result }) => result.alarms)
  const worms = runs.flatMap((run) => run.worms).filter(({ strength }) => strength === 'medium')
  const failed = runs.flatMap((run) => run.failed)
  // Attacks and scanners of the noise are found by the hundred: they would hide what is false among the rest.
  const planted = sumOf(runs, (run) => {
    const ids = new Set(run.wanted.map(({ id }) => id))
    return run.alarms.filter(({ labels }) => labels.some((id) => ids.has(id))).length
  })
  const worst = worms.length === 0 ? null : worms.reduce<number | null>((most, { any }) => (any === null || most === null ? null : Math.max(most, any)), 0)
  return [
    { what: 'planted events of medium strength: recall', goal: `≥ ${goals.recall}`, reached: ratioText(found, labels), met: labels > 0 && found / labels >= goals.recall },
    { what: '  false alarms a day, all detectors', goal: `≤ ${goals.false_alarms_per_day}`, reached: `${(false_alarms / days).toFixed(2)} (${false_alarms} in ${days} days)`, met: false_alarms / days <= goals.false_alarms_per_day },
    { what: '  precision', goal: `≥ ${goals.precision}`, reached: ratioText(alarms - false_alarms, alarms), met: alarms > 0 && (alarms - false_alarms) / alarms >= goals.precision },
    { what: '  precision without alarms about background events', goal: `≥ ${goals.precision}`, reached: ratioText(planted, planted + false_alarms), met: planted + false_alarms > 0 && planted / (planted + false_alarms) >= goals.precision },
    { what: '  alarms a day, right and false', goal: '–', reached: `${(alarms / days).toFixed(1)} (${(planted / days).toFixed(1)} about planted events)`, met: true },
    { what: 'worm: share of its final size when warned, worst', goal: `< ${goals.worm_share * 100} %`, reached: worms.length === 0 ? '–' : `${percent(worst)} of ${worms.length}`, met: worst !== null && worst < goals.worm_share },
    { what: 'detectors that failed', goal: '0', reached: failed.length === 0 ? '0' : failed.join('; '), met: failed.length === 0 },
  ]
}

function costLines(large: WarningRun): Line[] {
  const seconds = large.generated_s + large.detected_s
  return [
    {
      what: `one day of ${large.sensors} sensors, ${million(large.packets)} M packets, one core`, goal: `≤ ${goals.seconds} s`,
      reached: `${large.detected_s.toFixed(0)} s, and ${large.generated_s.toFixed(0)} s to make it`, met: seconds <= goals.seconds,
    },
    { what: '  memory', goal: `≤ ${megabytes(goals.rss_bytes)}`, reached: megabytes(large.peak_rss_bytes), met: large.peak_rss_bytes <= goals.rss_bytes },
  ]
}

/** By event and strength, by kind, and what was false: for whoever tunes. */
function details(runs: readonly WarningRun[]): string[] {
  const events = Map.groupBy(runs.flatMap(({ result }) => result.by_event).filter(({ recall }) => recall !== null), ({ event, strength }) => `${event} ${strength}`)
  const hours = (values: readonly (number | null)[]): string => {
    const known = values.filter((value) => value !== null)
    return known.length === 0 ? '' : `${(median(known) / 3600).toFixed(1)} h`
  }
  const byEvent = [...events].map(([name, rows]) => {
    const [found, labels] = [rows.reduce((sum, row) => sum + row.found, 0), rows.reduce((sum, row) => sum + row.labels, 0)]
    const lead = hours(rows.map((row) => row.median_lead_s))
    return `  ${name.padEnd(24)} ${ratioText(found, labels).padEnd(18)} after ${hours(rows.map((row) => row.median_delay_s))}${lead === '' ? '' : `, ${lead} before disclosure`}`
  })
  const byKind = findingKinds.map((kind) => {
    const rows = runs.flatMap(({ result }) => result.by_kind.filter((row) => row.kind === kind))
    const [alarms, right] = [rows.reduce((sum, row) => sum + row.alarms, 0), rows.reduce((sum, row) => sum + row.true_alarms, 0)]
    return `  ${kind.padEnd(14)} ${String(alarms).padStart(6)} alarms, ${String(alarms - right).padStart(4)} false, ${String(rows.reduce((sum, row) => sum + row.records, 0)).padStart(7)} records; precision ${ratioText(right, alarms)}`
  })
  const worms = runs.flatMap((run) => run.worms.map((one) => `  seed ${run.options.seed} ${one.label}: ${percent(one.any)} by any kind, ${percent(one.worm)} by worm`))
  const wrong = runs.flatMap((run) => run.result.false_list.map(({ kind, subject, start, end }) => `  seed ${run.options.seed} ${kind} ${subject} ${start} – ${end}`))
  const missed = runs.flatMap((run) => run.result.missed.filter(({ strength }) => strength === 'medium').map(({ id }) => `  seed ${run.options.seed} ${id}`))
  const shown = 60
  return [
    'by event', ...byEvent, 'by kind', ...byKind, 'worms: size when warned', ...worms, `missed, of medium strength: ${missed.length}`, ...missed.slice(0, shown),
    `false alarms: ${wrong.length}`, ...wrong.slice(0, shown),
  ]
}
