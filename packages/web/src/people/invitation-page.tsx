import { acceptInvitation } from '@hirundo/contract'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/api.ts'
import { useSetSession } from '../app/session.tsx'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/state.tsx'
import { ActProblem } from './act-problem.tsx'
import { useAddressSecret } from './address-secret.ts'
import { Lone } from './lone.tsx'
import { TrustNotice } from './trust-notice.tsx'
import { useStepUp } from './use-step-up.ts'

/** Where an invitation leads: one press, so that nothing that only looks at the link begins the enrolment. */
export function InvitationPage() {
  const t = useText()
  const secret = useAddressSecret()
  const setSession = useSetSession()
  const navigate = useNavigate()
  const { run, busy, error } = useStepUp()
  const begin = async () => {
    const session = await run(() => call(acceptInvitation, { body: { secret } }))
    if (!session) return
    setSession(session)
    await navigate({ href: '/enrol' })
  }
  return (
    <Lone name={t('people.invitation')} sentence={t('people.invitation_sentence')}>
      <TrustNotice secret={secret} />
      {secret === ''
        ? <Notice kind="person"><strong>{t('people.link_incomplete')}</strong><span>{t('people.invitation_link_next')}</span></Notice>
        : (
          <>
            <p>{t('people.invitation_about')}</p>
            <ActProblem error={error} />
            <div><Button kind="primary" isPending={busy} onPress={() => void begin()}>{t('people.invitation_begin')}</Button></div>
          </>
        )}
    </Lone>
  )
}
