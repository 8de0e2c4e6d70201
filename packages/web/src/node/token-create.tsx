import { parseCidr } from '@hirundo/base'
import { createToken, scopes as allScopes, type CallOutput, type Scope } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useSession } from '../app/session.tsx'
import { ActDialog } from '../people/step-up.tsx'
import { useStepUp, type Acting } from '../people/use-step-up.ts'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Check } from '../ui/check.tsx'
import { Select, TextField } from '../ui/field.tsx'
import { Once } from '../ui/once.tsx'
import { scopeTexts } from './scope-texts.ts'

type Created = CallOutput<typeof createToken>
const DAY_MS = 86_400_000
const lives = ['30', '90', '365', 'never'] as const
type Life = (typeof lives)[number]
const networks_max = 32

/** Makes a token: name, scopes, networks, end; then its text, once. */
export function TokenCreate({ isOpen, onClose, onChanged }: { readonly isOpen: boolean; readonly onClose: () => void; readonly onChanged: () => void }) {
  const t = useText()
  const acting = useStepUp()
  const [created, setCreated] = useState<Created>()
  const close = () => {
    setCreated(undefined)
    onClose()
  }
  return (
    <ActDialog acting={acting} drawer kept={created !== undefined} title={t('node.token_create')} isOpen={isOpen} onClose={close}>
      {created
        ? <>
          <Once label={t('node.token_text', { name: created.view.name })} value={created.token}><p>{t('node.token_text_about')}</p></Once>
          <p className="quiet">{t('node.token_use')}</p>
          <pre className="code" data-value tabIndex={0} aria-label={t('node.token_use')}>{`export HIRUNDO_URL=${location.origin}\nexport HIRUNDO_TOKEN=…`}</pre>
          <div><Button kind="primary" onPress={close}>{t('people.done')}</Button></div>
        </>
        : <CreateForm acting={acting} onCreated={(done) => {
          setCreated(done)
          onChanged()
        }} />}
    </ActDialog>
  )
}

interface Draft { readonly name: string; readonly scopes: readonly Scope[]; readonly networks: string; readonly life: Life }
const listOf = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== '')

function CreateForm({ acting, onCreated }: { readonly acting: Acting; readonly onCreated: (created: Created) => void }) {
  const t = useText()
  const [draft, setDraft] = useState<Draft>({ name: '', scopes: ['observatory:read'], networks: '', life: '90' })
  const [tried, setTried] = useState(false)
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const networks = listOf(draft.networks)
  const wrong = networks.find((network) => !parseCidr(network).ok) ?? (networks.length > networks_max ? networks[networks_max] : undefined)
  const named = draft.name.trim() !== ''
  const submit = async () => {
    setTried(true)
    if (!named || wrong !== undefined || draft.scopes.length === 0) return
    const ends = draft.life === 'never' ? {} : { expires_at: new Date(Date.now() + Number(draft.life) * DAY_MS).toISOString() }
    const created = await acting.run(() => call(createToken, { body: { name: draft.name.trim(), scopes: [...draft.scopes], networks, ...ends } }))
    if (created) onCreated(created)
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <TextField label={t('node.name')} hint={t('node.token_name_hint')} autoComplete="off" autoFocus value={draft.name} onChange={(name) => change({ name })} maxLength={100} error={tried && !named ? t('people.missing') : undefined} />
      <Scopes value={draft.scopes} onChange={(scopes) => change({ scopes })} missing={tried && draft.scopes.length === 0} />
      <TextField label={t('node.networks')} hint={t('node.networks_hint')} lines={3} value={draft.networks} onChange={(text) => change({ networks: text })}
        error={tried && wrong !== undefined ? t('node.networks_wrong', { network: wrong, n: networks_max }) : undefined} />
      <Select<Life> label={t('node.expires')} {...(draft.life === 'never' ? { hint: t('node.life_never_hint') } : {})} value={draft.life} onChange={(life) => change({ life })}
        choices={lives.map((id) => ({ id, label: id === 'never' ? t('node.expires_never') : t('node.life_days', { n: Number(id) }) }))} />
      <div><Button type="submit" kind="primary" isPending={acting.busy}>{t('node.token_create_do')}</Button></div>
    </form>
  )
}

function Scopes({ value, onChange, missing }: { readonly value: readonly Scope[]; readonly onChange: (scopes: readonly Scope[]) => void; readonly missing: boolean }) {
  const t = useText()
  const own = useSession()?.scopes ?? []
  return (
    <fieldset className="fieldset">
      <legend>{t('node.scopes')}</legend>
      {allScopes.filter((scope) => own.includes(scope)).map((scope) => (
        <Check key={scope} isSelected={value.includes(scope)} onChange={(on) => onChange(on ? [...value, scope] : value.filter((one) => one !== scope))}>
          <code>{scope}</code><span className="quiet block">{t(scopeTexts[scope])}</span>
        </Check>
      ))}
      {missing && <p className="field-error" role="alert">{t('node.scopes_missing')}</p>}
    </fieldset>
  )
}
