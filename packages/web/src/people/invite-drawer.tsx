import { invitePerson, type CallOutput, type Role } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useReader, useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { LinkOnce } from './link-once.tsx'
import { RoleChoice } from './role-choice.tsx'
import { ActDialog } from './step-up.tsx'
import { useNamed } from './use-named.tsx'
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
  const [role, setRole] = useState<Role>('viewer')
  const { fields, take } = useNamed({ own: false })
  const submit = async () => {
    const named = take()
    if (!named) return
    const invited = await acting.run(() => call(invitePerson, { body: { ...named, role, language: locale, time_zone: zone } }))
    if (invited) onInvited(invited)
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      {fields}
      <RoleChoice value={role} onChange={setRole} />
      <p className="field-hint">{t('people.invite_about')}</p>
      <div><Button type="submit" kind="primary" isPending={acting.busy}>{t('people.invite_do')}</Button></div>
    </form>
  )
}
