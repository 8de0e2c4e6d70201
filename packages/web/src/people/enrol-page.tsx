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

type Step = { readonly at: 'choose' | 'password' } | { readonly at: 'totp'; readonly totp: TotpSecret } | { readonly at: 'codes'; readonly codes: readonly string[] }
interface StepProps { readonly onStep: (step: Step) => void }

/** Who came by a link chooses how to sign in from now on; nothing else opens before. */
export function EnrolPage() {
  const t = useText()
  const session = useSession()
  const [step, setStep] = useState<Step>({ at: 'choose' })
  const enter = useEnter()
  const finish = () => void enter(HOME)
  const person = session?.person
  const open = session?.needs === 'enrolment' && person != null
  const sentence = step.at !== 'choose' ? t(`people.enrol_sentence_${step.at}`) : open ? t('people.enrol_sentence', { name: person.name }) : t('people.enrol')
  return (
    <Lone name={t('people.enrol')} sentence={sentence}>
      {session === undefined ? <Loading lines={4} />
        : step.at === 'codes' ? <RecoveryCodes codes={step.codes} onKept={finish} />
          : open && step.at === 'choose' ? <Choices by_passkey={session.sign_in.passkey} onPasskey={finish} onStep={setStep} />
            : open ? <ByPassword sign_in_name={person.sign_in_name} step={step} onStep={setStep} />
              : <NothingToDo signed_in={session.signed_in} onGo={finish} />}
    </Lone>
  )
}

function NothingToDo({ signed_in, onGo }: { readonly signed_in: boolean; readonly onGo: () => void }) {
  const t = useText()
  if (!signed_in) return <Notice kind="person"><strong>{t('people.enrol_ended')}</strong><span>{t('people.enrol_ended_next')}</span><a href="/sign-in">{t('people.sign_in')}</a></Notice>
  return <div className="stack"><p>{t('people.enrol_done')}</p><div><Button kind="primary" onPress={onGo}>{t('people.go_on')}</Button></div></div>
}

function Choices({ by_passkey, onPasskey, onStep }: StepProps & { readonly by_passkey: boolean; readonly onPasskey: () => void }) {
  const t = useText()
  const able = by_passkey && browserSupportsWebAuthn()
  return (
    <>
      {able ? <ByPasskey onDone={onPasskey} /> : <p className="quiet">{t(by_passkey ? 'people.passkey_no_browser' : 'people.passkey_no_name')}</p>}
      <section className="choice" aria-labelledby="by-password">
        <h2 id="by-password">{t('people.enrol_password')}</h2>
        <p>{t('people.enrol_password_about')}</p>
        <div><Button {...(able ? {} : { kind: 'primary' as const })} onPress={() => onStep({ at: 'password' })}>{t('people.enrol_password_begin')}</Button></div>
      </section>
    </>
  )
}

function ByPasskey({ onDone }: { readonly onDone: () => void }) {
  const t = useText()
  const { run, busy, error } = useStepUp()
  const [name, setName] = useState(deviceName)
  const make = async () => {
    if (await run(() => makePasskey(name.trim() || t('people.passkey')))) onDone()
  }
  return (
    <section className="choice" aria-labelledby="by-passkey">
      <h2 id="by-passkey">{t('people.enrol_passkey')}</h2>
      <p>{t('people.enrol_passkey_about')}</p>
      <form className="form" noValidate onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}>
        <TextField label={t('people.passkey_name')} hint={t('people.passkey_name_hint')} value={name} onChange={setName} maxLength={100} />
        <ActProblem error={error} />
        <div><Button type="submit" kind="primary" isPending={busy}>{t('people.passkey_make')}</Button></div>
      </form>
    </section>
  )
}

function ByPassword({ sign_in_name, step, onStep }: StepProps & { readonly sign_in_name: string; readonly step: Step }) {
  const t = useText()
  const acting = useStepUp()
  const begin = async () => {
    const totp = await acting.run(() => call(beginTotp, {}))
    if (totp) onStep({ at: 'totp', totp })
  }
  return (
    <>
      <ActProblem error={acting.error} />
      {step.at === 'totp' ? <TotpForm acting={acting} totp={step.totp} onDone={(codes) => onStep({ at: 'codes', codes })} />
        : <PasswordForm acting={acting} sign_in_name={sign_in_name} onDone={() => void begin()} />}
      <div><Button kind="plain" onPress={() => onStep({ at: 'choose' })}>{t('people.back')}</Button></div>
    </>
  )
}
