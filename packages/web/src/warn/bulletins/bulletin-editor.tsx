import { bulletinSlots, editBulletin, type BulletinText, type BulletinView, type Language, type Tlp, tlps } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../../api/api.ts'
import { ActProblem } from '../../people/act-problem.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { useToast } from '../../ui/toast.tsx'

const SLOT_MAX = 8000
const TITLE_MAX = 200
const lines: Readonly<Record<(typeof bulletinSlots)[number], number>> = { what: 4, since: 2, affected: 3, evidence: 5, certainty: 3, action: 5, indicators: 5 }

type Texts = Partial<Record<Language, BulletinText>>
export interface Draft {
  /** Only languages that were changed here. */
  readonly texts: Texts
  readonly tlp: Tlp
}
export const isChanged = (draft: Draft, bulletin: BulletinView): boolean => draft.tlp !== bulletin.tlp || Object.keys(draft.texts).length > 0

interface EditorProps {
  readonly bulletin: BulletinView
  readonly language: Language
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly onSaved: (bulletin: BulletinView) => void
}

/** A field for each slot in one language. What was typed in the others is kept and saved with it. */
export function BulletinEditor({ bulletin, language, draft, onDraft, onSaved }: EditorProps) {
  const t = useText()
  const say = useToast()
  const { run, busy, error } = useStepUp()
  const [tried, setTried] = useState(false)
  const text = draft.texts[language] ?? bulletin.texts[language]
  const change = (part: Partial<BulletinText>) => onDraft({ ...draft, texts: { ...draft.texts, [language]: { ...text, ...part } } })
  const untitled = Object.values(draft.texts).some(({ title }) => title.trim() === '')
  const save = async () => {
    setTried(true)
    if (untitled) return
    const saved = await run(() => call(editBulletin, { params: { id: bulletin.id }, body: { version: bulletin.version, tlp: draft.tlp, ...(Object.keys(draft.texts).length > 0 ? { texts: draft.texts } : {}) } }))
    if (!saved) return
    say(t('ui.saved'))
    onSaved(saved)
  }
  return (
    <form className="stack editor" noValidate onSubmit={(event) => {
      event.preventDefault()
      void save()
    }}>
      <div className="tlp-choice"><Select<Tlp> label={t('warn.tlp')} value={draft.tlp} onChange={(tlp) => onDraft({ ...draft, tlp })} choices={tlps.map((id) => ({ id, label: id }))} hint={t(`bulletins.tlp_${draft.tlp.slice(4).toLowerCase().replace('+', '_') as 'clear' | 'green' | 'amber' | 'amber_strict' | 'red'}`)} /></div>
      <div className="stack">
        <TextField typed_in={language} label={t('bulletins.title')} value={text.title} onChange={(title) => change({ title })} maxLength={TITLE_MAX} error={tried && text.title.trim() === '' ? t('people.missing') : undefined} />
        {bulletinSlots.map((slot) => <TextField key={slot} typed_in={language} label={t(`bulletins.slot_${slot}`)} hint={t(`bulletins.slot_${slot}_hint`)} lines={lines[slot]} value={text[slot]} onChange={(value) => change({ [slot]: value })} maxLength={SLOT_MAX} />)}
      </div>
      <ActProblem error={error} />
      <div className="row"><Button type="submit" kind="primary" isPending={busy} isDisabled={!isChanged(draft, bulletin)}>{t('ui.save')}</Button>{isChanged(draft, bulletin) && <span className="person">{t('bulletins.unsaved')}</span>}</div>
    </form>
  )
}
