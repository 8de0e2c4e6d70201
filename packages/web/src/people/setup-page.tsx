import { setup } from '@hirundo/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useSetSession } from '../app/session.tsx'
import { useReader, useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/state.tsx'
import { ActProblem } from './act-problem.tsx'
import { useAddressSecret } from './address-secret.ts'
import { Lone } from './lone.tsx'
import { looksLikeSignInName } from './sign-in-name.ts'
import { TrustNotice } from './trust-notice.tsx'
import { useStepUp } from './use-step-up.ts'

/** The link that the node printed makes the first administrator. */
export function SetupPage() {
  const t = useText()
  const secret = useAddressSecret()
  return (
    <Lone name={t('people.setup')} sentence={t('people.setup_sentence')}>
      <TrustNotice secret={secret} />
      {secret === ''
        ? <Notice kind="person"><strong>{t('people.link_incomplete')}</strong><span>{t('people.setup_link_next')}</span><code>hirundo person setup-link</code></Notice>
        : <SetupForm secret={secret} />}
    </Lone>
  )
}

function SetupForm({ secret }: { readonly secret: string }) {
  const t = useText()
  const { locale, zone } = useReader()
  const setSession = useSetSession()
  const navigate = useNavigate()
  const { run, busy, error } = useStepUp()
  const [name, setName] = useState('')
  const [sign_in_name, setSignInName] = useState('')
  const [tried, setTried] = useState(false)
  const named = name.trim() !== ''
  const known = looksLikeSignInName(sign_in_name)
  const submit = async () => {
    setTried(true)
    if (!named || !known) return
    const body = { secret, name: name.trim(), sign_in_name: sign_in_name.trim(), language: locale, time_zone: zone }
    const session = await run(() => call(setup, { body }))
    if (!session) return
    setSession(session)
    await navigate({ href: '/enrol' })
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <TextField label={t('people.name')} hint={t('people.name_hint')} autoComplete="name" value={name} onChange={setName} maxLength={100} error={tried && !named ? t('people.missing') : undefined} />
      <TextField label={t('people.sign_in_name')} hint={t('people.sign_in_name_hint')} autoComplete="username" inputMode="email" value={sign_in_name} onChange={setSignInName} maxLength={200}
        error={tried && !known ? t('people.sign_in_name_wrong') : undefined} />
      <ActProblem error={error} />
      <div><Button type="submit" kind="primary" isPending={busy}>{t('people.go_on')}</Button></div>
    </form>
  )
}
