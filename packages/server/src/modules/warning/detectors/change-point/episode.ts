import { severities, type Crossed, type FigureName, type Severity } from '@hirundo/contract'
import type { PortKey } from '../core/port-key.ts'
import { portSubject } from '../core/port-key.ts'
import type { Detection } from '../model.ts'
import { scansOf } from '../series/telling.ts'

export const BIN_S = 600
export const HOUR_BINS = 6
/** While it goes on it is told again once an hour, or when it is worse. */
const TOLD_EVERY_BINS = HOUR_BINS

/** What decided, when it did. */
export interface Decision {
  readonly severity: Severity
  readonly figures: Readonly<Partial<Record<FigureName, number>>>
  readonly crossed: readonly Crossed[]
  /** A stretch of what decided of which all is known. */
  readonly exact: { readonly start: number; readonly end: number; readonly packets: number; readonly sources: number | null; readonly sensors: number | null }
}

/** A change that goes on, plain data. */
export interface Episode {
  readonly start: number
  /** End of the last bin above the baseline, and packets until then. */
  end: number
  packets: number
  /** Packets since then: they belong to it only when it rises again. */
  pending: number
  /** Bins in a row at the baseline. */
  quiet: number
  told: number
  decision: Decision
}

/** As it is told; `port` null: all ports. */
export function detectionOf(port: PortKey | null, { start, end, packets, decision }: Episode, open: boolean): Detection {
  const { severity, figures, crossed, exact } = decision
  const evidence = [scansOf(port, exact.start, exact.end, exact)]
  if (start !== exact.start || end !== exact.end) evidence.push(scansOf(port, start, end, { packets, sources: null, sensors: null }))
  return {
    kind: 'change-point', subject: port === null ? {} : portSubject(port), start, end, open, severity, packets,
    figures: { ...figures, packets }, crossed, evidence,
  }
}

export interface Onward {
  /** Start of the bin, and what came in it. */
  readonly start: number
  readonly packets: number
  /** It is still above the baseline. */
  readonly above: boolean
  /** What this bin alone would decide. */
  readonly decide: () => Decision | undefined
}

/** Takes the next bin. `told`: tell it again. `over`: back at the baseline. `stays`: it lasts so long that it is the new level. */
export function goOn(episode: Episode, { start, packets, above, decide }: Onward, { hold_off_h, episode_h_max }: { readonly hold_off_h: number; readonly episode_h_max: number }): 'told' | 'over' | 'stays' | undefined {
  const index = start / BIN_S
  episode.pending += packets
  if (!above) return ++episode.quiet >= hold_off_h * HOUR_BINS ? 'over' : undefined
  episode.packets += episode.pending
  episode.pending = 0
  episode.quiet = 0
  episode.end = start + BIN_S
  if (episode.end - episode.start >= episode_h_max * 3600) return 'stays'
  if (!takesWorse(episode, decide()) && index - episode.told < TOLD_EVERY_BINS) return undefined
  episode.told = index
  return 'told'
}

/** Takes a decision that is more severe, or rests on twice as many; a record stays one. Answers whether it is more severe. */
function takesWorse(episode: Episode, decision: Decision | undefined): boolean {
  const before = episode.decision
  if (!decision || before.severity === 'record') return false
  const more_severe = severities.indexOf(decision.severity) > severities.indexOf(before.severity)
  if (more_severe) episode.decision = decision
  else if ((decision.figures.sources ?? 0) >= 2 * (before.figures.sources ?? 0)) episode.decision = { ...decision, severity: before.severity }
  return more_severe
}
