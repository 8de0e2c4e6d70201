import { setup } from '@hirundo/contract'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/api.ts'
import { useSetSession } from '../app/session.tsx'
import { useReader, useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/state.tsx'
import { ActProblem } from './act-problem.tsx'
import { useAddressSecret } from './address-secret.ts'
import { Lone } from './lone.tsx'
import { TrustNotice } from './trust-notice.tsx'
import { useNamed } from './use-named.tsx'
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
  const { fields, take } = useNamed({ own: true })
  const submit = async () => {
    const named = take()
    if (!named) return
    const session = await run(() => call(setup, { body: { secret, ...named, language: locale, time_zone: zone } }))
    if (!session) return
    setSession(session)
    await navigate({ href: '/enrol' })
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      {fields}
      <ActProblem error={error} />
      <div><Button type="submit" kind="primary" isPending={busy}>{t('people.go_on')}</Button></div>
    </form>
  )
}
