import { signInByPassword, signInByTotp } from '@hirundo/contract'
import { useState } from 'react'
import { call, ProblemError } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { ActProblem } from './act-problem.tsx'
import { useStepUp } from './use-step-up.ts'

interface StepProps { readonly onDone: () => void }
interface PasswordSignInProps extends StepProps {
  /** Another way stands above it. */
  readonly quiet: boolean
  /** The password was right: only the code is left to ask for. */
  readonly onHalf: (half: boolean) => void
}

/** First name and password; then, for everyone but the emergency account, a code. */
export function PasswordSignIn({ onDone, onHalf, quiet }: PasswordSignInProps) {
  const [attempt, setAttempt] = useState<string>()
  const [lapsed, setLapsed] = useState<unknown>()
  if (attempt !== undefined) {
    return <CodeStep attempt={attempt} onDone={onDone} onAgain={(reason) => {
      setLapsed(reason)
      setAttempt(undefined)
      onHalf(false)
    }} />
  }
  return <PasswordStep quiet={quiet} lapsed={lapsed} onDone={onDone} onCode={(begun) => {
    setAttempt(begun)
    onHalf(true)
  }} />
}

function PasswordStep({ quiet, lapsed, onDone, onCode }: StepProps & { readonly quiet: boolean; readonly lapsed: unknown; readonly onCode: (attempt: string) => void }) {
  const t = useText()
  const { run, busy, error } = useStepUp()
  const [sign_in_name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [empty, setEmpty] = useState(false)
  const missing = (value: string) => (empty && value === '' ? t('people.missing') : undefined)
  const submit = async () => {
    if (sign_in_name === '' || password === '') return setEmpty(true)
    const step = await run(() => call(signInByPassword, { body: { sign_in_name, password } }))
    if (!step) return undefined
    return step.next === 'totp' && step.attempt !== null ? onCode(step.attempt) : onDone()
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <TextField label={t('people.sign_in_name')} autoComplete="username webauthn" inputMode="email" value={sign_in_name} onChange={setName} error={missing(sign_in_name)} maxLength={200} />
      <TextField label={t('people.password')} type="password" autoComplete="current-password" value={password} onChange={setPassword} error={missing(password)} maxLength={256} />
      <ActProblem error={error ?? lapsed} />
      <div className="wide-action"><Button type="submit" {...(quiet ? {} : { kind: 'primary' as const })} isPending={busy}>{t('people.sign_in_password')}</Button></div>
    </form>
  )
}

function CodeStep({ attempt, onDone, onAgain }: StepProps & { readonly attempt: string; readonly onAgain: (reason: unknown) => void }) {
  const t = useText()
  const { run, busy, error } = useStepUp()
  const [code, setCode] = useState('')
  const submit = async () => {
    const lapsed: { reason?: unknown } = {}
    const step = await run(() => call(signInByTotp, { body: { attempt, code } }).catch((reason: unknown) => {
      if (reason instanceof ProblemError && reason.problem.code === 'sign-in/expired') lapsed.reason = reason
      throw reason
    }))
    if (lapsed.reason !== undefined) onAgain(lapsed.reason)
    else if (step) onDone()
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <TextField label={t('people.code')} hint={t('people.code_hint')} autoComplete="one-time-code" autoFocus value={code} onChange={setCode} maxLength={40} />
      <ActProblem error={error} />
      <div className="row">
        <Button type="submit" kind="primary" isPending={busy} isDisabled={code.trim().length < 6}>{t('people.sign_in')}</Button>
        <Button onPress={() => onAgain(undefined)}>{t('people.back')}</Button>
      </div>
    </form>
  )
}
