import { confirmTotp, type FactorsView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { TextField } from '../ui/field.tsx'
import { Qr } from './qr.tsx'
import type { Acting } from './use-step-up.ts'

export interface TotpSecret { readonly secret: string; readonly uri: string }
interface TotpFormProps {
  readonly acting: Acting
  readonly totp: TotpSecret
  readonly onDone: (codes: readonly string[], factors: FactorsView) => void
}

const groups = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ')

/** The secret as a QR code and as text, and the first code of it that proves it was taken over. */
export function TotpForm({ acting, totp, onDone }: TotpFormProps) {
  const t = useText()
  const [code, setCode] = useState('')
  const digits = code.replace(/\s/g, '')
  const submit = async () => {
    const done = await acting.run(() => call(confirmTotp, { body: { code: digits } }))
    if (done) onDone(done.recovery_codes, done.factors)
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <p>{t('people.totp_scan')}</p>
      <Qr text={totp.uri} label={t('people.totp_qr')} />
      <p>{t('people.totp_type')}</p>
      <pre className="code" data-value tabIndex={0} aria-label={t('people.totp_secret')}>{groups(totp.secret)}</pre>
      <div><CopyButton text={totp.secret} what={t('people.totp_secret')} /></div>
      <TextField label={t('people.totp_code')} hint={t('people.totp_code_hint')} autoComplete="one-time-code" inputMode="numeric" value={code} onChange={setCode} maxLength={10} />
      <div><Button type="submit" kind="primary" isPending={acting.busy} isDisabled={!/^\d{6}$/.test(digits)}>{t('people.totp_confirm')}</Button></div>
    </form>
  )
}
