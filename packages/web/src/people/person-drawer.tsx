import { reinvitePerson, setPersonRole, setPersonState, type CallOutput, type PersonView, type Role } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useSession } from '../app/session.tsx'
import { languageNames } from '../text/languages.ts'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.tsx'
import { Ask } from '../ui/ask.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/state.tsx'
import { Time } from '../ui/time.tsx'
import { useToast } from '../ui/toast.tsx'
import { LinkOnce } from './link-once.tsx'
import { PersonState, waysText } from './person-parts.tsx'
import { PersonSessions } from './person-sessions.tsx'
import { RoleChoice } from './role-choice.tsx'
import { ActDialog } from './step-up.tsx'
import { useStepUp, type Acting } from './use-step-up.ts'

type Invited = CallOutput<typeof reinvitePerson>
interface PartProps {
  readonly person: PersonView
  readonly acting: Acting
  readonly onChanged: () => void
}

/** Everything about one person, and what an administrator can do. */
export function PersonDrawer({ person, onClose, onChanged }: { readonly person: PersonView; readonly onClose: () => void; readonly onChanged: () => void }) {
  const t = useText()
  const acting = useStepUp()
  const [invited, setInvited] = useState<Invited>()
  const own = useSession()?.person?.id === person.id
  return (
    <ActDialog acting={acting} drawer title={person.name} isOpen onClose={onClose} kept={invited !== undefined}>
      {invited && <LinkOnce name={person.name} link={invited.invitation.link} expires_at={invited.invitation.expires_at} />}
      <Facts person={person} />
      {own && <Notice><span>{t('people.person_self')}</span></Notice>}
      <RolePart key={person.role} person={person} acting={acting} onChanged={onChanged} />
      <AccessPart person={person} acting={acting} onChanged={onChanged} onInvited={setInvited} />
      {person.state === 'active' && <PersonSessions person={person} />}
    </ActDialog>
  )
}

function Facts({ person }: { readonly person: PersonView }) {
  const t = useText()
  const format = useFormat()
  const ways = waysText(person, t)
  return (
    <dl className="facts">
      <div><dt>{t('people.sign_in_name')}</dt><dd data-value>{person.sign_in_name}</dd></div>
      <div><dt>{t('people.state')}</dt><dd><PersonState state={person.state} /></dd></div>
      <div><dt>{t('people.ways')}</dt><dd>{ways.length > 0 ? format.list(ways) : t('people.way_none')}</dd></div>
      <div><dt>{t('people.last_sign_in')}</dt><dd><Time at={person.last_sign_in_at} /></dd></div>
      <div><dt>{t('people.created')}</dt><dd><Time at={person.created_at} /></dd></div>
      <div><dt>{t('people.reader')}</dt><dd data-value>{languageNames[person.language]} · {person.time_zone}</dd></div>
    </dl>
  )
}

function RolePart({ person, acting, onChanged }: PartProps) {
  const t = useText()
  const say = useToast()
  const [role, setRole] = useState<Role>(person.role)
  const put = async (next: Role): Promise<void> => {
    const changed = await acting.run(() => call(setPersonRole, { params: { id: person.id }, body: { role: next } }))
    if (!changed) return
    onChanged()
    say(t('people.role_saved', { name: person.name }), next === person.role ? undefined : () => void put(person.role))
  }
  return (
    <section className="section" aria-label={t('people.role')}>
      <RoleChoice value={role} onChange={setRole} />
      {role !== person.role && <div className="row">
        <Button kind="primary" isPending={acting.busy} onPress={() => void put(role)}>{t('ui.save')}</Button>
        <Button onPress={() => setRole(person.role)}>{t('ui.cancel')}</Button>
      </div>}
    </section>
  )
}

function AccessPart({ person, acting, onChanged, onInvited }: PartProps & { readonly onInvited: (invited: Invited) => void }) {
  const t = useText()
  const say = useToast()
  const { name, id, state } = person
  const put = async (next: 'active' | 'disabled') => {
    const changed = await acting.run(() => call(setPersonState, { params: { id }, body: { state: next } }))
    if (!changed) return
    onChanged()
    say(t(next === 'disabled' ? 'people.disabled' : 'people.enabled', { name }))
  }
  const reinvite = async () => {
    const done = await acting.run(() => call(reinvitePerson, { params: { id } }))
    if (!done) return
    onChanged()
    onInvited(done)
  }
  return (
    <section className="section" aria-labelledby="access">
      <h3 id="access">{t('people.access')}</h3>
      {state !== 'disabled' && <Ask kind={state === 'invited' ? 'primary' : 'danger'} label={t('people.reinvite')} question={t(state === 'invited' ? 'people.reinvite_open_question' : 'people.reinvite_question', { name })} onConfirm={() => void reinvite()} isPending={acting.busy} />}
      {state === 'disabled'
        ? <Ask kind="primary" label={t('people.enable')} question={t('people.enable_question', { name })} onConfirm={() => void put('active')} isPending={acting.busy} />
        : <Ask label={t('people.disable')} question={t('people.disable_question', { name })} onConfirm={() => void put('disabled')} isPending={acting.busy} />}
    </section>
  )
}
