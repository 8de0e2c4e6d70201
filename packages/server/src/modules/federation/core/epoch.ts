import { originLine } from './channel.ts'
import { openIncoming, type IncomingState } from './incoming.ts'
import type { Opening } from './statement.ts'

/**
 * What the receiving end makes of a new epoch that the sender opened.
 * `opened`: the new end, and the old one, which is closed; `cut` tells what was taken that the sender does not know of.
 * `behind`: the old epoch has more entries, which must come first. `stale`: the sender does not know the present epoch.
 * `waiting`: the lane is frozen, or the sender names a history that contradicts what is held: a person has to decide.
 */
export type EpochVerdict =
  | { readonly verdict: 'opened'; readonly opened: IncomingState; readonly closed: IncomingState; readonly cut: { readonly from: number; readonly to: number } | null }
  | { readonly verdict: 'behind' | 'stale' | 'waiting' }

/**
 * `own_root`: root (base64) of the held log at the size that the opening names, or null when the log is shorter.
 * `by_person`: somebody decided to go on in spite of a fork.
 */
export function admitEpoch(current: IncomingState, opening: Opening, own_root: string | null, by_person = false): EpochVerdict {
  const { channel, range, phase } = current
  const { after } = opening
  if (originLine({ ...opening.channel, epoch: 1 }) !== originLine({ ...channel, epoch: 1 })) throw new Error('an opening was given to the end of another lane')
  if (opening.channel.epoch <= channel.epoch || after.epoch < channel.epoch) return { verdict: 'stale' }
  if (!by_person) {
    if (phase === 'frozen') return { verdict: 'waiting' }
    if (after.epoch > channel.epoch || after.size > range.size) return { verdict: 'behind' }
    if (own_root !== after.root) return { verdict: 'waiting' }
  }
  const isCut = after.epoch === channel.epoch && after.size < range.size
  return {
    verdict: 'opened',
    opened: openIncoming(opening.channel),
    closed: { ...current, phase: 'closed' },
    cut: isCut ? { from: after.size + 1, to: range.size } : null,
  }
}
