import { setPassword, type FactorsView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Switch, TextField } from '../ui/field.tsx'
import type { Acting } from './use-step-up.ts'

export const password_characters_min = 12
const password_characters_max = 256

/** A new password, typed once and visible on request: what is typed twice unseen is chosen short. */
export function PasswordForm({ acting, sign_in_name, onDone }: { readonly acting: Acting; readonly sign_in_name: string; readonly onDone: (factors: FactorsView) => void }) {
  const t = useText()
  const [password, setTyped] = useState('')
  const [shown, setShown] = useState(false)
  const [tried, setTried] = useState(false)
  const short = [...password].length < password_characters_min
  const submit = async () => {
    setTried(true)
    if (short) return
    const factors = await acting.run(() => call(setPassword, { body: { password } }))
    if (factors) onDone(factors)
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <input hidden readOnly autoComplete="username" value={sign_in_name} />
      <TextField label={t('people.new_password')} hint={t('people.new_password_hint', { n: password_characters_min })} type={shown ? 'text' : 'password'} autoComplete="new-password"
        value={password} onChange={setTyped} maxLength={password_characters_max} error={tried && short ? t('people.new_password_short', { n: password_characters_min }) : undefined} />
      <Switch isSelected={shown} onChange={setShown}>{t('people.show_password')}</Switch>
      <div><Button type="submit" kind="primary" isPending={acting.busy}>{t('people.set_password')}</Button></div>
    </form>
  )
}
