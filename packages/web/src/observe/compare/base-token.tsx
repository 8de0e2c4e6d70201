import { useState } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { bases, type CompareState } from './compare-state.ts'

interface BaseTokenProps {
  readonly state: CompareState
  readonly onChange: (part: Readonly<Record<string, string | undefined>>) => void
}

/** As an input for date and time takes it, in UTC. */
const asInput = (instant: string): string => instant.slice(0, 16)

function Choices({ state, onChange, close }: BaseTokenProps & { readonly close: () => void }) {
  const t = useText()
  const [from, setFrom] = useState(asInput(state.before.from))
  const [to, setTo] = useState(asInput(state.before.to))
  const choose = (part: Readonly<Record<string, string | undefined>>) => {
    onChange({ base: undefined, base_from: undefined, base_to: undefined, ...part })
    close()
  }
  return (
    <>
      <div className="row">
        {bases.filter((base) => base !== 'custom').map((base) => (
          <AriaButton key={base} className="chip" aria-pressed={state.base === base} onPress={() => choose({ base: base === 'previous' ? undefined : base })}>{t(`compare.base_${base}`)}</AriaButton>
        ))}
      </div>
      <form className="stack" onSubmit={(event) => {
        event.preventDefault()
        choose({ base_from: `${from}:00.000Z`, base_to: `${to}:00.000Z` })
      }}>
        <TextField type="datetime-local" label={t('compare.from_utc')} value={from} onChange={setFrom} />
        <TextField type="datetime-local" label={t('compare.to_utc')} value={to} onChange={setTo} />
        <div><Button type="submit" kind="primary" isDisabled={!(from < to)}>{t('ui.apply')}</Button></div>
      </form>
    </>
  )
}

/** The other period as a token that opens where it is changed. */
export function BaseToken({ state, onChange }: BaseTokenProps) {
  const t = useText()
  const format = useFormat()
  const { base, before } = state
  const shown = base === 'custom' ? <span data-value>{format.instant(before.from)} – {format.instant(before.to)}</span> : t(`compare.base_${base}`)
  return (
    <DialogTrigger>
      <AriaButton className="chip"><span className="quiet">{t('compare.against')}</span> {shown}</AriaButton>
      <Popover className="popover" placement="bottom start">
        <Dialog className="dialog" aria-label={t('compare.against')}>{({ close }) => <Choices state={state} onChange={onChange} close={close} />}</Dialog>
      </Popover>
    </DialogTrigger>
  )
}
