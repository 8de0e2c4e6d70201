import type { CallOutput, topAnswer } from '@hirundo/contract'
import type { TextValues } from '../../text/text.tsx'

/** Against the period before, of the first row: ICU select of the sentences. */
export function beforeOf(entry: { readonly rank: number | null; readonly previous_rank: number | null }, watched_before: boolean | undefined): string {
  if (watched_before === undefined) return 'unasked'
  if (!watched_before) return 'none'
  if (entry.previous_rank === null) return 'new'
  if (entry.previous_rank === entry.rank) return 'same'
  return entry.rank !== null && entry.previous_rank > entry.rank ? 'up' : 'down'
}

/** What the sentence of a ranking says of its first row; undefined when nothing came. */
export function sentenceValues(
  answer: CallOutput<typeof topAnswer>, watched_before: boolean | undefined, number: (value: number) => string,
): TextValues | undefined {
  const [first] = answer.data
  if (first === undefined) return undefined
  return {
    packets_n: first.packets, packets: number(first.packets), sources_n: first.sources, sources: number(first.sources),
    before: beforeOf(first, watched_before), previous: first.previous_rank ?? 0,
    live: answer.coverage.sensors_live, total: answer.coverage.sensors_total,
  }
}
