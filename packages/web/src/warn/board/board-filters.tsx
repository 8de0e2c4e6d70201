import { findingKinds, findingOwners, findingStates, severities, type Severity } from '@hirundo/contract'
import { useState } from 'react'
import { Button as AriaButton, Checkbox, CheckboxGroup } from 'react-aria-components'
import { useAnswer } from '../../api/api.ts'
import { useSession } from '../../app/session.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Token } from '../../ui/token.tsx'
import { SeverityMark } from '../words/marks.tsx'
import { underscored } from '../words/subject.ts'
import type { Summary } from './board-sentence.ts'
import { isFiltered, NOBODY, orders, type BoardAsking } from './board-state.ts'

interface FilterProps {
  readonly asking: BoardAsking
  readonly change: (part: Partial<BoardAsking>) => void
}

function Several<K extends string>({ label, all, value, name, onChange }: { readonly label: string; readonly all: readonly K[]; readonly value: readonly K[]; readonly name: (one: K) => string; readonly onChange: (value: readonly K[]) => void }) {
  return (
    <CheckboxGroup className="stack checks" aria-label={label} value={[...value]} onChange={(next) => onChange(next as K[])}>
      {all.map((one) => <Checkbox key={one} value={one} className="check"><span className="box" aria-hidden="true" /><span>{name(one)}</span></Checkbox>)}
    </CheckboxGroup>
  )
}

/** What waits, by urgency: pressed, the board shows that alone. */
export function SeverityChips({ asking, change, summary }: FilterProps & { readonly summary: Summary | undefined }) {
  const t = useText()
  const format = useFormat()
  const counts: Partial<Record<Severity, number>> = summary ? { ...summary.waiting, record: summary.records_today } : {}
  const toggle = (severity: Severity) => change({ severity: asking.severity.includes(severity) ? asking.severity.filter((one) => one !== severity) : [...asking.severity, severity] })
  return (
    <div className="row" role="group" aria-label={t('warn.severity')}>
      {severities.toReversed().map((severity) => (
        <AriaButton key={severity} className="chip" aria-pressed={asking.severity.includes(severity)} onPress={() => toggle(severity)}>
          <SeverityMark severity={severity} />{counts[severity] !== undefined && <strong data-value>{format.number(counts[severity])}</strong>}
        </AriaButton>
      ))}
    </div>
  )
}

const ANYBODY = ''

function OwnerToken({ asking, change }: FilterProps) {
  const t = useText()
  const me = useSession()?.person
  const { data } = useAnswer(findingOwners, {})
  const people = data?.people ?? []
  const nameOf = (id: string): string => (id === ANYBODY ? t('warn.owner_any') : id === NOBODY ? t('warn.owner_nobody') : id === me?.id ? t('warn.owner_me') : people.find((one) => one.id === id)?.name ?? t('ui.unknown'))
  const ids = [ANYBODY, NOBODY, ...(me ? [me.id] : []), ...people.map(({ id }) => id).filter((id) => id !== me?.id)]
  return (
    <Token label={t('warn.owner')} text={nameOf(asking.owner ?? ANYBODY)} chosen={asking.owner !== undefined}>
      {(close) => <Select label={t('warn.owner')} value={asking.owner ?? ANYBODY} choices={[...new Set([...ids, asking.owner ?? ANYBODY])].map((id) => ({ id, label: nameOf(id) }))} onChange={(owner) => {
        change({ owner: owner === ANYBODY ? undefined : owner })
        close()
      }} />}
    </Token>
  )
}

function SubjectToken({ asking, change }: FilterProps) {
  const t = useText()
  const [typed, setTyped] = useState(asking.subject ?? '')
  return (
    <Token label={t('warn.subject')} text={asking.subject ?? t('warn.subject_any')} chosen={asking.subject !== undefined}>
      {(close) => (
        <form className="stack" onSubmit={(event) => {
          event.preventDefault()
          change({ subject: typed.trim() === '' ? undefined : typed.trim() })
          close()
        }}>
          <TextField label={t('warn.subject')} hint={t('warn.subject_hint')} autoFocus value={typed} onChange={setTyped} maxLength={60} />
          <div><Button type="submit" kind="primary">{t('ui.apply')}</Button></div>
        </form>
      )}
    </Token>
  )
}

/** Kind, state, owner and subject as tokens; own and muted as switches; all of it in the address. */
export function BoardFilters({ asking, change }: FilterProps) {
  const t = useText()
  const format = useFormat()
  const shown = (names: readonly string[], all: string): string => (names.length === 0 ? all : names.length > 2 ? t('warn.some', { n: names.length }) : format.list(names))
  return (
    <>
      <Token label={t('warn.kind')} text={shown(asking.kind.map((kind) => t(`warn.kind_${underscored(kind)}`)), t('warn.kind_all'))} chosen={asking.kind.length > 0}>
        {() => <Several label={t('warn.kind')} all={findingKinds} value={asking.kind} name={(kind) => t(`warn.kind_${underscored(kind)}`)} onChange={(kind) => change({ kind: [...kind] })} />}
      </Token>
      <Token label={t('warn.state')} text={shown(asking.state.map((state) => t(`warn.state_${state}`)), t('warn.state_open'))} chosen={asking.state.length > 0}>
        {() => <Several label={t('warn.state')} all={findingStates} value={asking.state} name={(state) => t(`warn.state_${state}`)} onChange={(state) => change({ state: [...state] })} />}
      </Token>
      <OwnerToken asking={asking} change={change} />
      <SubjectToken key={asking.subject ?? ''} asking={asking} change={change} />
      <AriaButton className="chip" aria-pressed={asking.own} onPress={() => change({ own: !asking.own })}>{t('warn.only_own')}</AriaButton>
      <AriaButton className="chip" aria-pressed={asking.muted} onPress={() => change({ muted: !asking.muted })}>{t('warn.with_muted')}</AriaButton>
      <Token label={t('warn.order')} text={t(`warn.order_${asking.order}`)} chosen={asking.order !== 'urgency'}>
        {(close) => <Select label={t('warn.order')} value={asking.order} choices={orders.map((id) => ({ id, label: t(`warn.order_${id}`) }))} onChange={(order) => {
          change({ order })
          close()
        }} />}
      </Token>
      {isFiltered(asking) && <Button kind="plain" onPress={() => change({ kind: [], severity: [], state: [], owner: undefined, subject: undefined, own: false, muted: false })}>{t('warn.clear')}</Button>}
    </>
  )
}
