import type { FindingKind } from '@hirundo/contract'

/** A finding as far as precursors look at it; times in seconds. */
export interface Sign {
  readonly kind: FindingKind
  /** `tcp/23`. */
  readonly port: string
  readonly start: number
}

export interface PrecursorSettings {
  readonly from: number
  readonly to: number
  /** A signal counts as followed when the outcome begins within so many days after it. */
  readonly horizon_days: number
}

/** Signals that come before, and what they may come before. */
export const signalKinds: readonly FindingKind[] = ['spike', 'new', 'synchronised']
export const outcomeKinds: readonly FindingKind[] = ['change-point', 'worm', 'campaign']

export interface Precursor {
  readonly signal: FindingKind
  readonly outcome: FindingKind
  readonly signals: number
  readonly followed: number
  /** followed ÷ signals; null: no signal had its whole horizon yet. */
  readonly rate: number | null
  /** Share of days and ports, of all ports that ever had a signal or an outcome, that were followed all the same. */
  readonly chance: number | null
  /** rate ÷ chance, with the bounds that Wilson's 95 % interval of the rate gives. */
  readonly lift: number | null
  readonly lift_low: number | null
  readonly lift_high: number | null
  readonly median_lead_s: number | null
}

const DAY_S = 86_400

/**
 * How often an outcome followed a signal on the same port, against how often it follows any day of any port that was ever
 * talked about. A signal without chance beside it says nothing: most ports of a telescope are hit again anyway.
 */
export function precursors(signs: readonly Sign[], settings: PrecursorSettings): readonly Precursor[] {
  const ports = new Set(signs.map(({ port }) => port)).size
  const outcomes = outcomeKinds.map((kind) => outcomeOf(kind, signs, ports, settings))
  return signalKinds.flatMap((signal) => {
    const signals = firstOfEachDay(signs.filter(({ kind }) => kind === signal))
    return outcomes.map((outcome) => precursor(signal, signals, outcome, settings))
  })
}

/** What may follow: where and when it began, and how often it follows by chance. */
interface Outcome {
  readonly kind: FindingKind
  /** By port, in order. */
  readonly starts: ReadonlyMap<string, readonly number[]>
  readonly chance: number | null
}

function outcomeOf(outcome: FindingKind, signs: readonly Sign[], ports: number, { from, to, horizon_days }: PrecursorSettings): Outcome {
  const groups = Map.groupBy(signs.filter(({ kind }) => kind === outcome), ({ port }) => port)
  const starts = new Map([...groups].map(([port, of]) => [port, of.map(({ start }) => start).toSorted((a, b) => a - b)]))
  const horizon = horizon_days * DAY_S
  return { kind: outcome, starts, chance: chanceOf(ports, starts, { from, to: to - horizon }, horizon) }
}

/** Several signals of one port and day are one. */
function firstOfEachDay(signs: readonly Sign[]): readonly Sign[] {
  const days = new Map<string, Sign>()
  for (const sign of signs.toSorted((a, b) => a.start - b.start)) {
    const key = `${sign.port} ${Math.floor(sign.start / DAY_S)}`
    if (!days.has(key)) days.set(key, sign)
  }
  return [...days.values()]
}

/** The place of the first start after a second. */
function nextAfter(starts: readonly number[], second: number): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (starts[middle]! > second) high = middle
    else low = middle + 1
  }
  return low
}

function precursor(signal: FindingKind, signals: readonly Sign[], { kind: outcome, starts, chance }: Outcome, { from, to, horizon_days }: PrecursorSettings): Precursor {
  const horizon = horizon_days * DAY_S
  const leadAfter = (port: string, second: number): number | undefined => {
    const of = starts.get(port) ?? []
    const next = of[nextAfter(of, second)]
    return next === undefined || next > second + horizon ? undefined : next - second
  }
  // Whose horizon is not over yet says neither yes nor no.
  const judged = signals.filter(({ start }) => start >= from && start + horizon <= to)
  const leads = judged.map(({ port, start }) => leadAfter(port, start)).filter((lead) => lead !== undefined)
  const rate = judged.length === 0 ? null : leads.length / judged.length
  const [low, high] = wilson(leads.length, judged.length)
  const over = (value: number | null): number | null => (value === null || chance === null || chance === 0 ? null : value / chance)
  return {
    signal, outcome, signals: judged.length, followed: leads.length, rate, chance,
    lift: over(rate), lift_low: over(rate === null ? null : low), lift_high: over(rate === null ? null : high), median_lead_s: median(leads),
  }
}

/** Share of (port, day) from which an outcome begins within the horizon. */
function chanceOf(ports: number, starts: ReadonlyMap<string, readonly number[]>, { from, to }: { readonly from: number; readonly to: number }, horizon: number): number | null {
  const days = Math.floor((to - from) / DAY_S)
  if (days <= 0 || ports === 0) return null
  let followed = 0
  for (const of of starts.values()) {
    let next = 0
    for (let day = 0; day < days; day++) {
      const second = from + day * DAY_S
      while (next < of.length && of[next]! <= second) next++
      if (next < of.length && of[next]! <= second + horizon) followed++
    }
  }
  return followed / (days * ports)
}

const NORMAL_95 = 1.96

/** Wilson's score interval of a share (Wilson, JASA 22, 1927). */
export function wilson(hits: number, n: number): readonly [low: number, high: number] {
  if (n === 0) return [0, 1]
  const share = hits / n
  const z2 = NORMAL_95 ** 2
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n)
  const half = (NORMAL_95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
