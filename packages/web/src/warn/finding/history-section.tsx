import { tlps, type FindingView } from '@hirundo/contract'
import { useState } from 'react'
import { useScope } from '../../app/session.tsx'
import { useFormat, type Format } from '../../text/format.ts'
import { useText, type Text } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Time } from '../../ui/time.tsx'
import type { FindingActs } from '../acts/use-finding-acts.ts'

type Change = FindingView['changes'][number]
const COMMENT_MAX = 4000
const states = ['new', 'triaged', 'confirmed', 'dismissed', 'closed'] as const
const stateText = (name: string | null, t: Text): string => ((states as readonly (string | null)[]).includes(name) ? t(`warn.state_${name as (typeof states)[number]}`) : name ?? '')

/** Of a bulletin its number and what became of it, of a mute rule until when, of what was counted again its packets. */
function valueText(what: Change['what'], value: string | null, format: Format, t: Text): string {
  if (what === 'state') return stateText(value, t)
  if (value === null) return ''
  return what === 'muted' ? format.instant(value) : what === 'recounted' ? format.number(Number(value)) : value
}

/** One change as a sentence: who did what, from what to what. */
export function changeText({ what, by, from, to }: Change, format: Format, t: Text): string {
  const who = by === 'system' ? t('warn.by_node') : by
  const words = { from: valueText(what, from, format, t), to: valueText(what, to, format, t) }
  return t(`warn.change_${what}`, { by: who, ...words, has_to: to === null || to === '' ? 'no' : 'yes' })
}

/** Of what the node did itself its reason, which is a code, in words. */
function reasonText({ by, what, text }: Change, t: Text): string | null {
  if (by !== 'system') return text
  if (text === 'late-data') return t(what === 'recounted' ? 'warn.evidence_late' : 'warn.closed_late')
  return text === 'looked-again' ? t('warn.looked_again') : text
}

function Entry({ change }: { readonly change: Change }) {
  const t = useText()
  const format = useFormat()
  const said = reasonText(change, t)
  const is_label = change.what === 'label' && (tlps as readonly (string | null)[]).includes(change.to)
  return (
    <li className="change">
      <span className="quiet small"><Time at={change.at} seconds /></span>
      <span data-value translate={is_label ? 'no' : undefined}>{changeText(change, format, t)}</span>
      {said !== null && said !== '' && <span className="said" data-value>{said}</span>}
    </li>
  )
}

/** What was done with it since it was found, oldest first, and a comment of one's own. */
export function HistorySection({ finding, acts }: { readonly finding: FindingView; readonly acts: FindingActs }) {
  const t = useText()
  const may_write = useScope('findings:write')
  const [text, setText] = useState('')
  const submit = async () => {
    if (text.trim() !== '' && await acts.comment(finding, text.trim())) setText('')
  }
  return (
    <section className="section" aria-labelledby="history">
      <h2 id="history">{t('warn.history')}</h2>
      <ol className="changes">{finding.changes.map((change, i) => <Entry key={`${change.at}-${i}`} change={change} />)}</ol>
      {may_write && (
        <form className="stack comment" onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}>
          <TextField label={t('warn.comment')} lines={2} value={text} onChange={setText} maxLength={COMMENT_MAX} />
          <div><Button type="submit" isPending={acts.busy} isDisabled={text.trim() === ''}>{t('warn.comment_add')}</Button></div>
        </form>
      )}
    </section>
  )
}
