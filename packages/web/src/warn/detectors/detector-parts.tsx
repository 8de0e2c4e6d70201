import type { DetectorView } from '@hirundo/contract'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'

const stateClass = { ok: 'status good', learning: 'status half', waiting: 'status hollow quiet', late: 'status person', failed: 'status loss' } as const

export function DetectorState({ detector: { state, reason, learning } }: { readonly detector: DetectorView }) {
  const t = useText()
  return <><span className={stateClass[state]}>{t(`warn.detector_${state}`, { days: learning?.days ?? 0, needed: learning?.days_needed ?? 0 })}</span>{reason !== null && <span className="quiet block small" data-value>{reason}</span>}</>
}

/** The share that people confirmed, never without how many they judged. */
export function Precise({ precision: { confirmed, dismissed, precision } }: Pick<DetectorView, 'precision'>) {
  const t = useText()
  const format = useFormat()
  const judged = confirmed + dismissed
  if (precision === null || judged === 0) return <span className="quiet">{t('warn.precision_none')}</span>
  return <>{t('warn.precision_of', { share: format.percent(precision), confirmed, judged })}</>
}

export const shedOf = ({ shed }: DetectorView): number => Object.values(shed).reduce((sum, n) => sum + n, 0)
