import { beginTotp, removePassword, renewRecoveryCodes, type FactorsView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Ask } from '../ui/ask.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/state.tsx'
import { Time } from '../ui/time.tsx'
import { useToast } from '../ui/toast.tsx'
import { ActProblem } from './act-problem.tsx'
import { PasswordForm } from './password-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { ActDialog, StepUpDialog } from './step-up.tsx'
import { TotpForm, type TotpSecret } from './totp-form.tsx'
import { useStepUp, type Acting } from './use-step-up.ts'

interface SectionProps {
  readonly factors: FactorsView
  readonly sign_in_name: string
  readonly onChanged: (factors: FactorsView) => void
}
type Step = { readonly at: 'password'; readonly then_totp: boolean } | { readonly at: 'totp'; readonly totp: TotpSecret } | { readonly at: 'codes'; readonly codes: readonly string[] }
const CODES_FEW = 3

/** Password, codes from an app, and recovery codes: they belong together. */
export function PasswordSection({ factors, sign_in_name, onChanged }: SectionProps) {
  const t = useText()
  const acting = useStepUp()
  const [step, setStep] = useState<Step>()
  const complete = factors.totp_confirmed_at !== null
  return (
    <section className="section" aria-labelledby="password">
      <h2 id="password">{t('people.password_section')}</h2>
      {factors.password_changed_at !== null && !complete && <Notice kind="person">{t('people.totp_missing')}</Notice>}
      {complete && factors.recovery_codes_left <= CODES_FEW && <Notice kind="person">{t('people.recovery_few', { n: factors.recovery_codes_left })}</Notice>}
      {!step && !acting.asking && <ActProblem error={acting.error} />}
      {factors.password_changed_at === null ? <p className="quiet prose">{t('people.password_none')}</p> : <Facts factors={factors} />}
      <Buttons acting={acting} factors={factors} onStep={setStep} onChanged={onChanged} />
      {step ? <StepDialog acting={acting} step={step} sign_in_name={sign_in_name} onStep={setStep} onChanged={onChanged} /> : <StepUpDialog acting={acting} />}
    </section>
  )
}

function Facts({ factors }: { readonly factors: FactorsView }) {
  const t = useText()
  return (
    <dl className="facts">
      <div><dt>{t('people.password_changed')}</dt><dd><Time at={factors.password_changed_at} /></dd></div>
      <div><dt>{t('people.totp_since')}</dt><dd><Time at={factors.totp_confirmed_at} /></dd></div>
      <div><dt>{t('people.recovery_left_label')}</dt><dd>{t('people.recovery_left', { n: factors.recovery_codes_left })}</dd></div>
    </dl>
  )
}

function Buttons({ acting, factors, onStep, onChanged }: { readonly acting: Acting; readonly factors: FactorsView; readonly onStep: (step: Step) => void; readonly onChanged: (factors: FactorsView) => void }) {
  const t = useText()
  const say = useToast()
  const has_password = factors.password_changed_at !== null
  const renew = async () => {
    const done = await acting.run(() => call(renewRecoveryCodes, {}))
    if (!done) return
    onChanged(done.factors)
    onStep({ at: 'codes', codes: done.recovery_codes })
  }
  const totp = async () => {
    const begun = await acting.run(() => call(beginTotp, {}))
    if (begun) onStep({ at: 'totp', totp: begun })
  }
  const remove = async () => {
    const left = await acting.run(() => call(removePassword, {}))
    if (!left) return
    onChanged(left)
    say(t('people.password_removed'))
  }
  return (
    <div className="row">
      <Button onPress={() => onStep({ at: 'password', then_totp: factors.totp_confirmed_at === null })}>{t(has_password ? 'people.change_password' : 'people.add_password')}</Button>
      {has_password && <Button onPress={() => void totp()}>{t(factors.totp_confirmed_at === null ? 'people.totp_title' : 'people.totp_again')}</Button>}
      {factors.totp_confirmed_at !== null && <Ask kind="primary" label={t('people.recovery_renew')} question={t('people.recovery_renew_question')} onConfirm={() => void renew()} />}
      {has_password && factors.passkeys.length > 0 && <Ask label={t('people.remove_password')} question={t('people.remove_password_question')} onConfirm={() => void remove()} />}
    </div>
  )
}

interface StepDialogProps {
  readonly acting: Acting
  readonly step: Step
  readonly sign_in_name: string
  readonly onStep: (step: Step | undefined) => void
  readonly onChanged: (factors: FactorsView) => void
}

function StepDialog({ acting, step, sign_in_name, onStep, onChanged }: StepDialogProps) {
  const t = useText()
  const say = useToast()
  const close = () => onStep(undefined)
  const afterPassword = async (factors: FactorsView, then_totp: boolean) => {
    onChanged(factors)
    const totp = then_totp ? await acting.run(() => call(beginTotp, {})) : undefined
    onStep(totp && { at: 'totp', totp })
    if (!then_totp) say(t('people.password_saved'))
  }
  const title = step.at === 'password' ? t('people.new_password') : step.at === 'totp' ? t('people.totp_title') : t('people.recovery')
  return (
    <ActDialog acting={acting} title={title} isOpen onClose={close} kept={step.at === 'codes'}>
      {step.at === 'password' && <PasswordForm acting={acting} sign_in_name={sign_in_name} onDone={(factors) => void afterPassword(factors, step.then_totp)} />}
      {step.at === 'totp' && <TotpForm acting={acting} totp={step.totp} onDone={(codes, factors) => {
        onChanged(factors)
        onStep({ at: 'codes', codes })
      }} />}
      {step.at === 'codes' && <RecoveryCodes codes={step.codes} onKept={close} />}
    </ActDialog>
  )
}
