import type { FindingState, Severity, Tlp } from '@hirundo/contract'
import { useText } from '../../text/text.tsx'

/** How soon somebody must look: shape and weight beside the colour, warm only where a person is needed. */
export function SeverityMark({ severity }: { readonly severity: Severity }) {
  const t = useText()
  return <span className={`severity sev-${severity}`}>{t(`warn.severity_${severity}`)}</span>
}

// Urgency is what is warm: states are told apart by fill and words.
const stateClass = { new: 'status hollow', triaged: 'status half', confirmed: 'status', dismissed: 'status hollow quiet', closed: 'status quiet' } as const

export function StateMark({ state }: { readonly state: FindingState }) {
  const t = useText()
  return <span className={stateClass[state]}>{t(`warn.state_${state}`)}</span>
}

const tlpClass: Readonly<Record<Tlp, string>> = { 'TLP:CLEAR': 'clear', 'TLP:GREEN': 'green', 'TLP:AMBER': 'amber', 'TLP:AMBER+STRICT': 'amber', 'TLP:RED': 'red' }

/** The label as FIRST writes and colours it (TLP 2.0); it is the same in every language. */
export const TlpLabel = ({ tlp }: { readonly tlp: Tlp }) => <span className={`tlp ${tlpClass[tlp]}`} data-value translate="no">{tlp}</span>

interface Marked { readonly own: boolean; readonly muted: boolean; readonly simulated: boolean; readonly occurrences: number }

/** What must not be missed about a finding beside its severity. `with_simulated`: others here are not. */
export function Marks({ finding: { own, muted, simulated, occurrences }, with_simulated = true }: { readonly finding: Marked; readonly with_simulated?: boolean }) {
  const t = useText()
  const marks = [
    own ? <span key="own" className="tag person">{t('warn.own_mark')}</span> : null,
    muted ? <span key="muted" className="tag">{t('warn.muted_mark')}</span> : null,
    occurrences > 1 ? <span key="merged" className="tag">{t('warn.merged_mark', { n: occurrences })}</span> : null,
    simulated && with_simulated ? <span key="simulated" className="tag">{t('ui.simulated')}</span> : null,
  ].filter((mark) => mark !== null)
  return marks.length === 0 ? null : <span className="tags">{marks}</span>
}

