import { channels, findingKinds, languages, severities, tlps, type Channel, type FindingKind, type Language, type Severity, type Tlp } from '@hirundo/contract'
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components'
import { languageNames } from '../../text/languages.ts'
import { useReader, useText } from '../../text/text.tsx'
import { Check } from '../../ui/check.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Radios } from '../../ui/radios.tsx'
import { underscored } from '../words/subject.ts'
import type { SubscriptionDraft, WrongField } from './subscription-draft.ts'

interface FormProps {
  readonly draft: SubscriptionDraft
  readonly change: (part: Partial<SubscriptionDraft>) => void
  /** Said only once it was tried to save. */
  readonly wrong: readonly WrongField[]
}

/** To whom, by which way, in which language. */
export function ToWhom({ draft, change, wrong }: FormProps) {
  const t = useText()
  return (
    <>
      <TextField label={t('subscriptions.name')} hint={t('subscriptions.name_hint')} autoFocus value={draft.name} onChange={(name) => change({ name })} maxLength={100} error={wrong.includes('name') ? t('people.missing') : undefined} />
      <Radios label={t('subscriptions.of')} value={draft.of} onChange={(of) => change({ of })} choices={(['bulletins', 'findings'] as const).map((id) => ({ id, label: t(`subscriptions.of_${id}`), hint: t(`subscriptions.of_${id}_hint`) }))} />
      <Select<Channel> label={t('subscriptions.channel')} value={draft.channel} onChange={(channel) => change({ channel })} choices={channels.map((id) => ({ id, label: t(`subscriptions.channel_${id}`) }))} />
      {draft.channel === 'web' ? <p className="quiet small">{t('subscriptions.web_hint')}</p> : (
        <TextField label={t(`subscriptions.target_${draft.channel}`)} {...(draft.channel === 'webhook' ? { hint: t('subscriptions.webhook_hint') } : {})} inputMode={draft.channel === 'mail' ? 'email' : 'url'} autoComplete="off" value={draft.target} onChange={(target) => change({ target })} maxLength={500}
          error={wrong.includes('target') ? t(`subscriptions.target_${draft.channel}_wrong`) : undefined} />
      )}
      <Select<Language> label={t('shell.language')} value={draft.language} onChange={(language) => change({ language })} choices={languages.map((id) => ({ id, label: languageNames[id] }))} />
    </>
  )
}

/** Of what: nothing chosen stands for everything. */
export function OfWhat({ draft, change, wrong }: FormProps) {
  const t = useText()
  return (
    <>
      <Select<Severity> label={t('subscriptions.severity_min')} value={draft.severity_min} onChange={(severity_min) => change({ severity_min })} choices={severities.toReversed().map((id) => ({ id, label: t(`warn.severity_${id}`) }))} />
      <Select<Tlp> label={t('subscriptions.tlp_max')} value={draft.tlp_max} onChange={(tlp_max) => change({ tlp_max })} choices={tlps.map((id) => ({ id, label: id }))} hint={t('subscriptions.tlp_hint')} />
      <CheckboxGroup className="stack checks" value={[...draft.kinds]} onChange={(kinds) => change({ kinds: kinds as FindingKind[] })}>
        <Label className="label">{t('warn.kind')} <span className="quiet small">{t('subscriptions.empty_all')}</span></Label>
        {findingKinds.map((kind) => <Checkbox key={kind} value={kind} className="check"><span className="box" aria-hidden="true" /><span>{t(`warn.kind_${underscored(kind)}`)}</span></Checkbox>)}
      </CheckboxGroup>
      <TextField label={t('subscriptions.ports')} hint={t('subscriptions.ports_hint')} value={draft.ports} onChange={(ports) => change({ ports })} error={wrong.includes('ports') ? t('subscriptions.ports_wrong') : undefined} />
      <TextField label={t('subscriptions.economies')} hint={t('subscriptions.economies_hint')} value={draft.economies} onChange={(economies) => change({ economies })} error={wrong.includes('economies') ? t('subscriptions.economies_wrong') : undefined} />
      <TextField label={t('subscriptions.asns')} hint={t('subscriptions.asns_hint')} value={draft.asns} onChange={(asns) => change({ asns })} error={wrong.includes('asns') ? t('subscriptions.asns_wrong') : undefined} />
    </>
  )
}

const digests = ['at-once', 'hourly', 'daily'] as const

/** When: at once or gathered, and not at night. */
export function When({ draft, change }: FormProps) {
  const t = useText()
  const { zone } = useReader()
  const quiet = draft.quiet
  const set = (part: Partial<NonNullable<typeof quiet>>) => quiet && change({ quiet: { ...quiet, ...part } })
  return (
    <>
      <Select label={t('subscriptions.digest')} value={draft.digest} onChange={(digest) => change({ digest })} choices={digests.map((id) => ({ id, label: t(`subscriptions.digest_${underscored(id)}`) }))} />
      <Check isSelected={quiet !== null} onChange={(on) => change({ quiet: on ? { from: '22:00', to: '07:00', time_zone: zone, but_urgent: true } : null })}>{t('subscriptions.quiet')}</Check>
      {quiet !== null && (
        <div className="stack">
          <div className="pair">
            <TextField type="time" label={t('subscriptions.quiet_from')} value={quiet.from} onChange={(from) => set({ from })} />
            <TextField type="time" label={t('subscriptions.quiet_to')} value={quiet.to} onChange={(to) => set({ to })} />
          </div>
          <Select label={t('shell.zone')} value={quiet.time_zone} onChange={(time_zone) => set({ time_zone })} choices={[...new Set(['UTC', zone, quiet.time_zone, ...Intl.supportedValuesOf('timeZone')])].map((id) => ({ id, label: id }))} />
          <Check isSelected={quiet.but_urgent} onChange={(but_urgent) => set({ but_urgent })}>{t('subscriptions.but_urgent')}</Check>
        </div>
      )}
    </>
  )
}
