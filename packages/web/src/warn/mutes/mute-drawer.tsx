import { addMute, findingKinds, type FindingKind, type Subject } from '@hirundo/contract'
import { parseAddress, parseCidr } from '@hirundo/base'
import { useState } from 'react'
import { call } from '../../api/api.ts'
import { ActDialog } from '../../people/step-up.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { underscored } from '../words/subject.ts'

const DAY_MS = 86_400_000
const lengths = ['1', '7', '30', '90', '365'] as const
const ALL = 'all'
const is_port = /^(tcp|udp)\/(\d{1,5})$/i

interface Muted { readonly kind: FindingKind | null; readonly subject: Pick<Subject, 'victim' | 'source' | 'protocol' | 'port'> }
type About = 'any' | 'source' | 'victim' | 'port'

/** Address, network or port as it was typed; undefined: it is none. */
function subjectOf(about: About, text: string): Muted['subject'] | undefined {
  if (about === 'any') return {}
  const typed = text.trim()
  if (about === 'port') {
    const [, protocol, port] = is_port.exec(typed) ?? []
    return protocol === undefined || Number(port) > 65_535 ? undefined : { protocol: protocol.toLowerCase(), port: Number(port) }
  }
  return parseAddress(typed).ok || parseCidr(typed).ok ? { [about]: typed } : undefined
}

const aboutOf = ({ source, victim, port }: Muted['subject']): About => (source !== undefined ? 'source' : victim !== undefined ? 'victim' : port !== undefined ? 'port' : 'any')
const textOf = ({ source, victim, protocol, port }: Muted['subject']): string => source ?? victim ?? (port === undefined ? '' : `${protocol ?? 'tcp'}/${port}`)

/** Keeps findings of a kind and subject off the board until a day: with the reason, for who asks later. */
export function MuteDrawer({ first, onClose, onDone }: { readonly first: Muted; readonly onClose: () => void; readonly onDone: () => void }) {
  const t = useText()
  const acting = useStepUp()
  const [kind, setKind] = useState<FindingKind | typeof ALL>(first.kind ?? ALL)
  const [about, setAbout] = useState<About>(aboutOf(first.subject))
  const [text, setText] = useState(textOf(first.subject))
  const [days, setDays] = useState<(typeof lengths)[number]>('7')
  const [why, setWhy] = useState('')
  const [tried, setTried] = useState(false)
  const subject = subjectOf(about, text)
  const too_much = kind === ALL && about === 'any'
  const submit = async () => {
    setTried(true)
    if (subject === undefined || why.trim() === '' || too_much) return
    const until = new Date(Date.now() + Number(days) * DAY_MS).toISOString()
    if (await acting.run(() => call(addMute, { body: { kind: kind === ALL ? null : kind, subject, why: why.trim(), until } }))) onDone()
  }
  return (
    <ActDialog acting={acting} drawer title={t('warn.mute_title')} isOpen onClose={onClose}>
      <p className="quiet">{t('warn.mute_about')}</p>
      <form className="form" noValidate onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}>
        <Select<FindingKind | typeof ALL> label={t('warn.kind')} value={kind} onChange={setKind} choices={[{ id: ALL, label: t('warn.kind_all') }, ...findingKinds.map((id) => ({ id, label: t(`warn.kind_${underscored(id)}`) }))]} />
        <Select<About> label={t('warn.subject')} value={about} onChange={setAbout} choices={(['any', 'source', 'victim', 'port'] as const).map((id) => ({ id, label: t(`warn.mute_${id}`) }))} />
        {about !== 'any' && <TextField label={t(`warn.mute_${about}`)} hint={t(about === 'port' ? 'warn.mute_port_hint' : 'warn.mute_network_hint')} value={text} onChange={setText} maxLength={60} error={tried && subject === undefined ? t('warn.mute_wrong') : undefined} />}
        <Select label={t('warn.mute_until')} value={days} onChange={setDays} choices={lengths.map((id) => ({ id, label: t('ui.days', { n: Number(id) }) }))} />
        <TextField label={t('warn.mute_why')} lines={2} value={why} onChange={setWhy} maxLength={500} error={tried && why.trim() === '' ? t('people.missing') : undefined} />
        {tried && too_much && <p className="field-error" role="alert">{t('warn.mute_too_much')}</p>}
        <div><Button type="submit" kind="primary" isPending={acting.busy}>{t('warn.mute_do')}</Button></div>
      </form>
    </ActDialog>
  )
}
