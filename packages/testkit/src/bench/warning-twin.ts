import type { WarningRun } from './warning-run.ts'

/** A harmless event: whether a false alarm was raised at its time, and whether without the event it is not. */
export interface Caused {
  readonly seed: number
  readonly id: string
  readonly event: string
  readonly at_the_time: boolean
  readonly is_cause: boolean
}

type Run = Pick<WarningRun, 'options' | 'harmless' | 'alarms'>
type Alarm = Run['alarms'][number]

/** How far apart two alarms about the same may be raised and still be the same one. */
const same_s = 6 * 3600

const isSame = (a: Alarm, b: Alarm): boolean =>
  a.kind === b.kind && JSON.stringify(a.subject) === JSON.stringify(b.subject) && Math.abs(a.raised_at - b.raised_at) <= same_s

/**
 * What was raised because of harmless events. A false alarm at the time of one may be a coincidence; it is not when the same
 * world without these events (`twin`) does not have it. Without a twin every such alarm counts as caused.
 */
export function causedBy(run: Run, twin: Pick<WarningRun, 'alarms'> | undefined): Caused[] {
  return run.harmless.map(({ id, event }): Caused => {
    const suspects = run.alarms.filter(({ because_of }) => because_of.includes(id))
    const is_cause = suspects.some((one) => !(twin?.alarms.some((other) => isSame(one, other)) ?? false))
    return { seed: run.options.seed, id, event, at_the_time: suspects.length > 0, is_cause }
  })
}
