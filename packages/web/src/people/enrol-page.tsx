import { beginTotp } from '@hirundo/contract'
import { useState } from 'react'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { call } from '../api/api.ts'
import { useSession } from '../app/session.tsx'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Loading, Notice } from '../ui/state.tsx'
import { ActProblem } from './act-problem.tsx'
import { Lone } from './lone.tsx'
import { HOME } from './next-path.ts'
import { deviceName, makePasskey } from './passkey.ts'
import { PasswordForm } from './password-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { TotpForm, type TotpSecret } from './totp-form.tsx'
import { useEnter } from './use-enter.ts'
import { useStepUp } from './use-step-up.ts'

/** Who came by a link chooses how to sign in from now on; nothing else opens before. */
export function EnrolPage() {
  const t = useText()
  const session = useSession()
  const [codes, setCodes] = useState<readonly string[]>()
  const enter = useEnter()
  const finish = () => void enter(HOME)
  const person = session?.person
  return (
    <Lone name={t('people.enrol')} sentence={person ? t('people.enrol_sentence', { name: person.name }) : t('people.enrol')}>
      {session === undefined ? <Loading lines={4} />
        : codes !== undefined ? <RecoveryCodes codes={codes} onKept={finish} />
          : session.needs === 'enrolment' && person ? <Choices sign_in_name={person.sign_in_name} by_passkey={session.sign_in.passkey} onPasskey={finish} onCodes={setCodes} />
            : session.signed_in ? <div className="stack"><p>{t('people.enrol_done')}</p><div><Button kind="primary" onPress={finish}>{t('people.go_on')}</Button></div></div>
              : <Notice kind="person"><strong>{t('people.enrol_ended')}</strong><span>{t('people.enrol_ended_next')}</span></Notice>}
    </Lone>
  )
}

interface ChoicesProps {
  readonly sign_in_name: string
  readonly by_passkey: boolean
  readonly onPasskey: () => void
  readonly onCodes: (codes: readonly string[]) => void
}

function Choices({ sign_in_name, by_passkey, onPasskey, onCodes }: ChoicesProps) {
  const t = useText()
  const able = by_passkey && browserSupportsWebAuthn()
  const [chosen, setChosen] = useState<'password'>()
  if (chosen === 'password') return <ByPassword sign_in_name={sign_in_name} onCodes={onCodes} onBack={() => setChosen(undefined)} />
  return (
    <>
      {able ? <ByPasskey onDone={onPasskey} /> : <p className="quiet">{t(by_passkey ? 'people.passkey_no_browser' : 'people.passkey_no_name')}</p>}
      <section className="choice" aria-labelledby="by-password">
        <h2 id="by-password">{t('people.enrol_password')}</h2>
        <p>{t('people.enrol_password_about')}</p>
        <div><Button {...(able ? {} : { kind: 'primary' as const })} onPress={() => setChosen('password')}>{t('people.enrol_password_begin')}</Button></div>
      </section>
    </>
  )
}

function ByPasskey({ onDone }: { readonly onDone: () => void }) {
  const t = useText()
  const { run, busy, error } = useStepUp()
  const [name, setName] = useState(deviceName)
  return (
    <section className="choice" aria-labelledby="by-passkey">
      <h2 id="by-passkey">{t('people.enrol_passkey')}</h2>
      <p>{t('people.enrol_passkey_about')}</p>
      <form className="form" noValidate onSubmit={(event) => {
        event.preventDefault()
        void run(() => makePasskey(name.trim() || t('people.passkey'))).then((factors) => factors && onDone())
      }}>
        <TextField label={t('people.passkey_name')} hint={t('people.passkey_name_hint')} value={name} onChange={setName} maxLength={100} />
        <ActProblem error={error} />
        <div><Button type="submit" kind="primary" isPending={busy}>{t('people.passkey_make')}</Button></div>
      </form>
    </section>
  )
}

function ByPassword({ sign_in_name, onCodes, onBack }: { readonly sign_in_name: string; readonly onCodes: (codes: readonly string[]) => void; readonly onBack: () => void }) {
  const t = useText()
  const acting = useStepUp()
  const [totp, setTotp] = useState<TotpSecret>()
  const begin = () => void acting.run(() => call(beginTotp, {})).then(setTotp)
  return (
    <section className="choice" aria-labelledby="by-password">
      <h2 id="by-password">{t(totp ? 'people.totp_title' : 'people.enrol_password')}</h2>
      <ActProblem error={acting.error} />
      {totp ? <TotpForm acting={acting} totp={totp} onDone={onCodes} /> : <PasswordForm acting={acting} sign_in_name={sign_in_name} onDone={begin} />}
      <div><Button kind="plain" onPress={onBack}>{t('people.back')}</Button></div>
    </section>
  )
}
