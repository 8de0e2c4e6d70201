import { useText } from '../text/text.tsx'
import type { TokenState } from './token-state.ts'

const stateClass = { works: 'status good', soon: 'status person', expired: 'status hollow quiet', revoked: 'status hollow quiet' } as const

export function TokenStatus({ state }: { readonly state: TokenState }) {
  const t = useText()
  return <span className={stateClass[state]}>{t(`node.token_state_${state}`)}</span>
}
