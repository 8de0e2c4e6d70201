import { listSensors } from '@hirundo/contract'
import { useState } from 'react'
import { Button as AriaButton, Checkbox, CheckboxGroup, Label } from 'react-aria-components'
import { useAnswer } from '../../api/api.ts'
import { useScope } from '../../app/session.tsx'
import { useFormat } from '../../text/format.ts'
import { useText, type Text } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Token } from '../../ui/token.tsx'
import { lengths, useAsking, type Length, type Research } from './question.ts'

export function lengthText(length: Length, t: Text): string {
  const n = Number.parseInt(length, 10)
  return length.endsWith('h') ? t('ui.hours', { n }) : t('ui.days', { n })
}

/** `2026-01-31T08:00` of an input, in UTC: what people quote to one another. */
const asInput = (instant: string): string => instant.slice(0, 16)

function Period({ close }: { readonly close: () => void }) {
  const t = useText()
  const { asking, change } = useAsking()
  const [from, setFrom] = useState(asInput(asking.from))
  const [to, setTo] = useState(asInput(asking.to))
  return (
    <>
      <div className="row">
        {(Object.keys(lengths) as Length[]).map((length) => (
          <AriaButton key={length} className="chip" aria-pressed={asking.last === length} onPress={() => {
            change({ last: length, from: undefined, to: undefined })
            close()
          }}>{lengthText(length, t)}</AriaButton>
        ))}
      </div>
      <form className="stack" onSubmit={(event) => {
        event.preventDefault()
        change({ last: undefined, from: `${from}:00.000Z`, to: `${to}:00.000Z` })
        close()
      }}>
        <TextField type="datetime-local" label={`${t('ui.from')} (${t('ui.utc')})`} value={from} onChange={setFrom} />
        <TextField type="datetime-local" label={`${t('ui.to')} (${t('ui.utc')})`} value={to} onChange={setTo} />
        <div><Button type="submit" kind="primary" isDisabled={!(from < to)}>{t('ui.apply')}</Button></div>
      </form>
    </>
  )
}

function Sensors() {
  const t = useText()
  const { asking, change } = useAsking()
  const { data } = useAnswer(listSensors, {})
  const names = [...new Set((data?.sensors ?? []).filter(({ state }) => state !== 'pending').map(({ name }) => name))]
  return (
    <CheckboxGroup className="stack" value={[...asking.sensor]} onChange={(sensor) => change({ sensor: sensor.length === 0 ? undefined : sensor })}>
      <Label>{t('ui.sensor')}</Label>
      {names.map((name) => <Checkbox key={name} value={name} className="check"><span className="box" aria-hidden="true" /><span data-value>{name}</span></Checkbox>)}
      {asking.sensor.length > 0 && <div><Button onPress={() => change({ sensor: undefined })}>{t('ui.sensors_all')}</Button></div>}
    </CheckboxGroup>
  )
}

/** Period, sensors and research scanners as tokens; they change the page's address. `live`: the page has its own period. */
export function QuestionBar({ period = true }: { readonly period?: boolean }) {
  const t = useText()
  const format = useFormat()
  const { asking, change } = useAsking()
  const may_list = useScope('sensors:read')
  const shown = asking.last === undefined ? `${format.instant(asking.from)} – ${format.instant(asking.to)}` : t('ui.period_last', { length: lengthText(asking.last, t) })
  return (
    <>
      {period && <Token label={t('ui.period')} text={shown}>{(close) => <Period close={close} />}</Token>}
      {may_list && <Token label={t('ui.sensor')} text={asking.sensor.length === 0 ? t('ui.sensors_all') : t('ui.sensors_some', { n: asking.sensor.length })}>{() => <Sensors />}</Token>}
      <Token label={t('ui.research')} text={t(`ui.research_${asking.research}`)}>
        {(close) => <Select<Research> label={t('ui.research')} value={asking.research} onChange={(research) => {
          change({ research: research === 'include' ? undefined : research })
          close()
        }} choices={(['include', 'exclude', 'only'] as const).map((id) => ({ id, label: t(`ui.research_${id}`) }))} />}
      </Token>
    </>
  )
}
