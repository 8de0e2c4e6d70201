import { useText } from '../../text/text.tsx'

/** Rank in the period before: up, down, the same, or not ranked; nothing where nothing is known. */
export function RankBefore({ rank, before }: { readonly rank: number | null; readonly before: number | null | undefined }) {
  const t = useText()
  if (before === undefined || rank === null) return <span data-value>—</span>
  if (before === null) return <>{t('ui.rank_new')}</>
  if (before === rank) return <span className="quiet">{t('ui.rank_same')}</span>
  return <>{t(before > rank ? 'ui.rank_up' : 'ui.rank_down', { rank: before })}</>
}
