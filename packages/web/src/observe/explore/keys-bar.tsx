import { topAnswer, type TopEntry } from '@hirundo/contract'
import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { useAnswer } from '../../api/api.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import type { Asking } from '../question/question.ts'
import { KEYS_MAX, rankingOf, type ExploreState } from './explore-state.ts'

const SUGGESTED = 8

interface KeysBarProps {
  readonly asking: Asking
  readonly state: ExploreState
  readonly onKeys: (keys: readonly string[]) => void
}

function Suggestions({ asking, state, onKeys }: KeysBarProps) {
  const t = useText()
  const dimension = rankingOf[state.dimension as keyof typeof rankingOf]
  const { data } = useAnswer(topAnswer, { params: { dimension }, query: { ...asking.query, limit: SUGGESTED } })
  const open = (data?.data ?? []).filter(({ key }) => key !== '' && !state.keys.includes(key))
  if (open.length === 0) return null
  const said = ({ key, service, as_name }: TopEntry): string => (service ?? as_name ? `${key} ${service ?? as_name}` : key)
  return (
    <div className="row screen-only" role="group" aria-label={t('explore.suggestions')}>
      <span className="quiet">{t('explore.suggestions')}</span>
      {open.map((entry) => <AriaButton key={entry.key} className="chip" onPress={() => onKeys([...state.keys, entry.key])}><span aria-hidden="true">+</span><span data-value>{said(entry)}</span></AriaButton>)}
    </div>
  )
}

/** The keys that are drawn, each as a token that can be taken away, and how to add one. */
export function KeysBar({ asking, state, onKeys }: KeysBarProps) {
  const t = useText()
  const [typed, setTyped] = useState('')
  const full = state.keys.length >= KEYS_MAX
  return (
    <div className="stack">
      {state.keys.length > 0 && (
        <ul className="row">
          {state.keys.map((key) => (
            <li key={key} className="chip"><span data-value>{key}</span>
              <AriaButton className="chip-x" aria-label={t('explore.remove', { key })} onPress={() => onKeys(state.keys.filter((one) => one !== key))}>×</AriaButton>
            </li>
          ))}
        </ul>
      )}
      {full ? <p className="quiet">{t('explore.keys_full', { max: KEYS_MAX })}</p> : (
        <>
          <form className="explore-keys screen-only" onSubmit={(event) => {
            event.preventDefault()
            if (typed.trim() === '') return
            onKeys([...state.keys, typed.trim()])
            setTyped('')
          }}>
            <TextField label={t('explore.add')} placeholder={t(`explore.example_${state.dimension as keyof typeof rankingOf}`)} value={typed} onChange={setTyped} maxLength={100} />
            <Button type="submit" isDisabled={typed.trim() === ''}>{t('explore.add_button')}</Button>
          </form>
          <Suggestions asking={asking} state={state} onKeys={onKeys} />
        </>
      )}
    </div>
  )
}
