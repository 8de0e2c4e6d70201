import { removePasskey, renamePasskey, type FactorsView, type PasskeyView } from '@hirundo/contract'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useSession } from '../app/session.tsx'
import { useText } from '../text/text.tsx'
import { Ask } from '../ui/ask.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { useToast } from '../ui/toast.tsx'
import { ActProblem } from './act-problem.tsx'
import { deviceName, makePasskey } from './passkey.ts'
import { ActDialog, StepUpDialog } from './step-up.tsx'
import { useStepUp } from './use-step-up.ts'

interface SectionProps {
  readonly factors: FactorsView
  readonly onChanged: (factors: FactorsView) => void
}

/** The passkeys of this person: add, rename, remove. */
export function PasskeySection({ factors, onChanged }: SectionProps) {
  const t = useText()
  const say = useToast()
  const acting = useStepUp()
  const [naming, setNaming] = useState<PasskeyView | 'new'>()
  const session = useSession()
  const able = session?.sign_in.passkey === true && browserSupportsWebAuthn()
  const remove = async ({ id }: PasskeyView) => {
    const left = await acting.run(() => call(removePasskey, { params: { id } }))
    if (!left) return
    onChanged(left)
    say(t('people.passkey_removed'))
  }
  return (
    <section className="section" aria-labelledby="passkeys">
      <div className="section-head">
        <h2 id="passkeys">{t('people.passkeys')}</h2>
        {able && <Button {...(factors.passkeys.length === 0 ? { kind: 'primary' as const } : {})} onPress={() => setNaming('new')}>{t('people.passkey_add')}</Button>}
      </div>
      {!able && <p className="quiet">{t(session?.sign_in.passkey === false ? 'people.passkey_no_name' : 'people.passkey_no_browser')}</p>}
      {!acting.asking && <ActProblem error={acting.error} />}
      {factors.passkeys.length === 0
        ? <p className="prose">{t('people.passkeys_none')}</p>
        : <PasskeyTable passkeys={factors.passkeys} onRename={setNaming} onRemove={(passkey) => void remove(passkey)} />}
      <StepUpDialog acting={acting} />
      {naming !== undefined && <NameDialog passkey={naming} onClose={() => setNaming(undefined)} onChanged={onChanged} />}
    </section>
  )
}

function PasskeyTable({ passkeys, onRename, onRemove }: { readonly passkeys: readonly PasskeyView[]; readonly onRename: (passkey: PasskeyView) => void; readonly onRemove: (passkey: PasskeyView) => void }) {
  const t = useText()
  return (
    <Table caption={t('people.passkeys_table')} caption_hidden cards rows={passkeys} row_key={({ id }) => id} columns={[
      { id: 'name', head: t('people.name'), row_head: true, cell: ({ name }) => <span data-value>{name}</span> },
      { id: 'synced', head: t('people.passkey_where'), cell: ({ synced }) => t(synced ? 'people.passkey_synced' : 'people.passkey_device') },
      { id: 'created', head: t('people.created'), cell: ({ created_at }) => <Time at={created_at} both={false} /> },
      { id: 'used', head: t('people.last_used'), cell: ({ last_used_at }) => <Time at={last_used_at} /> },
      { id: 'act', head: t('people.actions'), cell: (passkey) => (
        <div className="row">
          <Button aria-label={t('people.action_about', { action: t('people.rename'), name: passkey.name })} onPress={() => onRename(passkey)}>{t('people.rename')}</Button>
          <Ask label={t('people.remove')} about={passkey.name} question={t('people.passkey_remove_question', { name: passkey.name })} onConfirm={() => onRemove(passkey)} />
        </div>
      ) },
    ]} />
  )
}

function NameDialog({ passkey, onClose, onChanged }: { readonly passkey: PasskeyView | 'new'; readonly onClose: () => void; readonly onChanged: (factors: FactorsView) => void }) {
  const t = useText()
  const say = useToast()
  const acting = useStepUp()
  const made = passkey === 'new'
  const [name, setName] = useState(made ? deviceName : passkey.name)
  const submit = async () => {
    const given = name.trim() || t('people.passkey')
    const factors = await acting.run(() => (made ? makePasskey(given) : call(renamePasskey, { params: { id: passkey.id }, body: { name: given } })))
    if (!factors) return
    onChanged(factors)
    say(made ? t('people.passkey_added', { name: given }) : t('ui.saved'))
    onClose()
  }
  return (
    <ActDialog acting={acting} title={t(made ? 'people.passkey_add' : 'people.passkey_rename')} isOpen onClose={onClose}>
      <form className="form" noValidate onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}>
        {made && <p>{t('people.enrol_passkey_about')}</p>}
        <TextField label={t('people.passkey_name')} hint={t('people.passkey_name_hint')} autoFocus value={name} onChange={setName} maxLength={100} />
        <div className="row">
          <Button type="submit" kind="primary" isPending={acting.busy}>{t(made ? 'people.passkey_make' : 'ui.save')}</Button>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </ActDialog>
  )
}
