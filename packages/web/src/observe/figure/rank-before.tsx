import { useText } from '../../text/text.tsx'

/** Rank in the period before, in words: up, down, the same, or not ranked; undefined where nothing is known. */
export function useRankBefore(rank: number | null, before: number | null | undefined): string | undefined {
  const t = useText()
  if (before === undefined || rank === null) return undefined
  if (before === null) return t('ui.rank_new')
  return before === rank ? t('ui.rank_same') : t(before > rank ? 'ui.rank_up' : 'ui.rank_down', { rank: before })
}

/** The same as a cell of a table. */
export function RankBefore({ rank, before }: { readonly rank: number | null; readonly before: number | null | undefined }) {
  const text = useRankBefore(rank, before)
  if (text === undefined) return <span data-value>—</span>
  return before === rank ? <span className="quiet">{text}</span> : <>{text}</>
}
