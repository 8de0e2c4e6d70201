import { signInByPasskey, type SessionView } from '@hirundo/contract'
import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser'
import { useEffect, useState } from 'react'
import { call } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/state.tsx'
import { ActProblem } from './act-problem.tsx'
import { oidcPath } from './next-path.ts'
import { askPasskey, type Assertion } from './passkey.ts'
import { PasswordSignIn } from './password-sign-in.tsx'
import { useStepUp } from './use-step-up.ts'

interface SignInFormsProps {
  readonly sign_in: SessionView['sign_in']
  /** Where sign-in leads. */
  readonly next: string
  /** True: somebody is signed in now. */
  readonly onDone: () => Promise<boolean>
}

/** Offers passkeys where the name is typed, for as long as the page is open; the button asks for one at once. */
function usePasskey(enabled: boolean, signIn: (body: Assertion) => void): void {
  useEffect(() => {
    let wanted = enabled
    const offer = async () => {
      if (!wanted || !(await browserSupportsWebAuthnAutofill())) return
      // Nobody asked for it: what goes wrong here is told when the button is pressed.
      const body = await askPasskey({ autofill: true }).catch(() => undefined)
      if (wanted && body) signIn(body)
    }
    void offer()
    return () => { wanted = false }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- begins once per page
  }, [enabled])
}

export function SignInForms({ sign_in, next, onDone }: SignInFormsProps) {
  const t = useText()
  const { run, busy, error } = useStepUp()
  const [not_kept, setNotKept] = useState(false)
  const [half, setHalf] = useState(false)
  const able = sign_in.passkey && browserSupportsWebAuthn()
  const finish = () => void onDone().then((kept) => setNotKept(!kept))
  const byPasskey = (body: () => Promise<Assertion>) => void run(async () => call(signInByPasskey, { body: await body() })).then((step) => step && finish())
  usePasskey(able, (body) => byPasskey(async () => body))
  return (
    <>
      {not_kept && <Notice kind="loss"><strong>{t('people.not_kept')}</strong><span>{t('people.not_kept_next')}</span></Notice>}
      {able && !half && (
        <>
          <div className="wide-action"><Button kind="primary" isPending={busy} onPress={() => byPasskey(() => askPasskey())}>{t('people.sign_in_passkey')}</Button></div>
          <ActProblem error={error} />
        </>
      )}
      {sign_in.password && <>{able && !half && <p className="or">{t('people.or')}</p>}<PasswordSignIn onDone={finish} onHalf={setHalf} quiet={able} /></>}
      {!able && !half && isSecureContext && <p className="quiet">{t(sign_in.passkey ? 'people.passkey_no_browser' : 'people.passkey_no_name')}</p>}
      {sign_in.oidc !== null && !half && <><p className="or">{t('people.or')}</p><div className="wide-action"><a className="button" href={oidcPath(next)}>{t('people.sign_in_oidc', { name: sign_in.oidc })}</a></div></>}
    </>
  )
}
