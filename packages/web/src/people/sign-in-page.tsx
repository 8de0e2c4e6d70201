import { useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useSession } from '../app/session.tsx'
import { useText, type TextKey } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Loading, Notice } from '../ui/state.tsx'
import { Lone } from './lone.tsx'
import { nextPath } from './next-path.ts'
import { SignInForms } from './sign-in-forms.tsx'
import { TrustNotice } from './trust-notice.tsx'
import { useEnter } from './use-enter.ts'

/** What the identity provider's way back may say in the address. */
const provider_problems: Readonly<Record<string, TextKey>> = {
  'sign-in/refused': 'people.oidc_refused', 'sign-in/expired': 'people.oidc_expired', 'oidc/unavailable': 'people.oidc_unavailable',
}

/** Who are you? Passkey first, then password and code, then the identity provider. */
export function SignInPage() {
  const t = useText()
  const session = useSession()
  const enter = useEnter()
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const next = nextPath(search['next'])
  const problem = typeof search['problem'] === 'string' ? search['problem'] : undefined
  const signed_in = session?.signed_in === true
  const setup_open = session?.setup_open === true
  const [has_account, setHasAccount] = useState(false)
  useEffect(() => {
    if (signed_in) void enter(next)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when it is known
  }, [signed_in])
  return (
    <Lone name={t('people.sign_in')} sentence={t(setup_open ? 'people.setup_open' : 'people.sign_in_sentence', { node: location.host })}>
      <TrustNotice />
      {problem !== undefined && <Notice kind="loss">{t(provider_problems[problem] ?? 'people.oidc_failed')}</Notice>}
      {setup_open && <>
        <Notice kind="person"><span>{t('people.setup_open_next')}</span><code>hirundo person setup-link</code></Notice>
        {/* Without an administrator there may be an analyst, or the account for emergencies. */}
        {!has_account && <div><Button onPress={() => setHasAccount(true)}>{t('people.have_account')}</Button></div>}
      </>}
      {session === undefined ? <Loading lines={4} /> : !signed_in && (!setup_open || has_account) && <SignInForms sign_in={session.sign_in} next={next} onDone={() => enter(next)} />}
    </Lone>
  )
}
