import type { PersonView } from '@hirundo/contract'
import { useText, type Text } from '../text/text.tsx'

const stateClass = { active: 'status good', invited: 'status person', disabled: 'status hollow quiet' } as const

export function PersonState({ state }: Pick<PersonView, 'state'>) {
  const t = useText()
  return <span className={stateClass[state]}>{t(`people.state_${state}`)}</span>
}

/** The ways that a person can sign in by, one text each. */
export function waysText({ factors }: Pick<PersonView, 'factors'>, t: Text): string[] {
  return [
    ...(factors.passkeys > 0 ? [t('people.way_passkeys', { n: factors.passkeys })] : []),
    ...(factors.password ? [t(factors.totp ? 'people.way_password_totp' : 'people.way_password')] : []),
    ...(factors.oidc ? [t('people.way_oidc')] : []),
  ]
}
