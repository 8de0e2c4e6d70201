import { invitePerson, type CallOutput, type Role } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useReader, useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { LinkOnce } from './link-once.tsx'
import { RoleChoice } from './role-choice.tsx'
import { looksLikeSignInName } from './sign-in-name.ts'
import { ActDialog } from './step-up.tsx'
import { useStepUp, type Acting } from './use-step-up.ts'

type Invited = CallOutput<typeof invitePerson>

/** Invites somebody: who, as what; then the link, once. */
export function InviteDrawer({ isOpen, onClose, onChanged }: { readonly isOpen: boolean; readonly onClose: () => void; readonly onChanged: () => void }) {
  const t = useText()
  const acting = useStepUp()
  const [invited, setInvited] = useState<Invited>()
  const close = () => {
    setInvited(undefined)
    onClose()
  }
  return (
    <ActDialog acting={acting} drawer kept={invited !== undefined} title={t('people.invite')} isOpen={isOpen} onClose={close}>
      {invited
        ? <>
          <LinkOnce name={invited.person.name} link={invited.invitation.link} expires_at={invited.invitation.expires_at} />
          <div><Button kind="primary" onPress={close}>{t('people.done')}</Button></div>
        </>
        : <InviteForm acting={acting} onInvited={(done) => {
          setInvited(done)
          onChanged()
        }} />}
    </ActDialog>
  )
}

function InviteForm({ acting, onInvited }: { readonly acting: Acting; readonly onInvited: (invited: Invited) => void }) {
  const t = useText()
  const { locale, zone } = useReader()
  const [name, setName] = useState('')
  const [sign_in_name, setSignInName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [tried, setTried] = useState(false)
  const named = name.trim() !== ''
  const known = looksLikeSignInName(sign_in_name)
  const submit = async () => {
    setTried(true)
    if (!named || !known) return
    const invited = await acting.run(() => call(invitePerson, { body: { name: name.trim(), sign_in_name: sign_in_name.trim(), role, language: locale, time_zone: zone } }))
    if (invited) onInvited(invited)
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <TextField label={t('people.name')} autoComplete="off" autoFocus value={name} onChange={setName} maxLength={100} error={tried && !named ? t('people.missing') : undefined} />
      <TextField label={t('people.sign_in_name')} hint={t('people.sign_in_name_hint')} autoComplete="off" inputMode="email" value={sign_in_name} onChange={setSignInName} maxLength={200}
        error={tried && !known ? t('people.sign_in_name_wrong') : undefined} />
      <RoleChoice value={role} onChange={setRole} />
      <p className="field-hint">{t('people.invite_about')}</p>
      <div><Button type="submit" kind="primary" isPending={acting.busy}>{t('people.invite_do')}</Button></div>
    </form>
  )
}
