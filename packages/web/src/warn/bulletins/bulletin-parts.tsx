import type { BulletinState, BulletinView } from '@hirundo/contract'
import { useText } from '../../text/text.tsx'

const stateClass: Readonly<Record<BulletinState, string>> = { draft: 'status hollow person', released: 'status', withdrawn: 'status hollow quiet' }

export function BulletinStateMark({ state }: { readonly state: BulletinState }) {
  const t = useText()
  return <span className={stateClass[state]}>{t(`bulletins.state_${state}`)}</span>
}

/** How many were told, how many wait, and whom it did not reach. */
export function Deliveries({ deliveries: { waiting, sent, failed } }: Pick<BulletinView, 'deliveries'>) {
  const t = useText()
  if (waiting + sent + failed === 0) return <span data-value>—</span>
  return <>{t('bulletins.deliveries_text', { sent, waiting })}{failed > 0 && <span className="loss block">{t('bulletins.deliveries_failed', { n: failed })}</span>}</>
}
