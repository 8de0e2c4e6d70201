import { bulletinSlots, editBulletin, getBulletin, languages, type BulletinText, type BulletinView, type Language, type Tlp, tlps } from '@hirundo/contract'
import { useEffect, useRef, useState } from 'react'
import { call, ProblemError } from '../../api/api.ts'
import { ActProblem } from '../../people/act-problem.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { languageNames } from '../../text/languages.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Conflicts } from './conflicts.tsx'
import { emptyDraft, isChanged, rebased, type Conflict, type Draft } from './draft.ts'

const SLOT_MAX = 8000
const TITLE_MAX = 200
const lines: Readonly<Record<(typeof bulletinSlots)[number], number>> = { what: 4, since: 2, affected: 3, evidence: 5, certainty: 3, action: 5, indicators: 5 }

interface EditorProps {
  readonly bulletin: BulletinView
  readonly language: Language
  readonly onLanguage: (language: Language) => void
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly onSaved: (bulletin: BulletinView) => void
  /** Somebody saved meanwhile: as it is now, and own changes on top of it. */
  readonly onRebased: (bulletin: BulletinView, draft: Draft) => void
}

/** Saves what was changed; where somebody else did so before, takes their changes in and says what both changed. */
function useSave({ bulletin, draft, onSaved, onRebased }: Pick<EditorProps, 'bulletin' | 'draft' | 'onSaved' | 'onRebased'>) {
  const t = useText()
  const say = useToast()
  const { run, busy, error } = useStepUp()
  const [conflicts, setConflicts] = useState<readonly Conflict[]>()
  const params = { id: bulletin.id }
  const write = async (): Promise<BulletinView | undefined> => {
    const { texts, tlp, base } = draft
    try {
      return await call(editBulletin, { params, body: { version: base.version, tlp: tlp ?? base.tlp, ...(Object.keys(texts).length > 0 ? { texts } : {}) } })
    } catch (reason) {
      if (!(reason instanceof ProblemError) || reason.problem.code !== 'bulletin/changed-meanwhile') throw reason
      const theirs = await call(getBulletin, { params })
      const merged = rebased(draft, theirs)
      setConflicts(merged.conflicts)
      onRebased(theirs, merged.draft)
      return undefined
    }
  }
  const save = async () => {
    const saved = await run(write)
    if (!saved) return
    setConflicts(undefined)
    say(t('ui.saved'))
    onSaved(saved)
  }
  return { save, busy, error, conflicts, setConflicts }
}

/** A field for each slot in one language. What was typed in the others is kept and saved with it. */
export function BulletinEditor({ bulletin, language, onLanguage, draft, onDraft, onSaved, onRebased }: EditorProps) {
  const t = useText()
  const { save, busy, error, conflicts, setConflicts } = useSave({ bulletin, draft, onSaved, onRebased })
  const [refused, setRefused] = useState(0)
  const form = useRef<HTMLFormElement>(null)
  const started = isChanged(draft) ? draft : emptyDraft(bulletin)
  const text = draft.texts[language] ?? bulletin.texts[language]
  const tlp = draft.tlp ?? bulletin.tlp
  const textsWith = (of: Language, part: Partial<BulletinText>) => onDraft({ ...started, texts: { ...draft.texts, [of]: { ...(draft.texts[of] ?? bulletin.texts[of]), ...part } } })
  const untitled = languages.find((one) => draft.texts[one]?.title.trim() === '')
  // Once the language that lacks a title is the one on the page.
  useEffect(() => {
    if (refused > 0) form.current?.querySelector<HTMLInputElement>('input[name="title"]')?.focus()
  }, [refused])
  const submit = () => {
    if (untitled === undefined) return void save()
    onLanguage(untitled)
    setRefused(refused + 1)
  }
  const take = (one: Conflict) => {
    textsWith(one.language, { [one.slot]: one.theirs })
    setConflicts(conflicts?.filter((other) => other !== one))
  }
  return (
    <form ref={form} className="stack editor" noValidate onSubmit={(event) => {
      event.preventDefault()
      submit()
    }}>
      {conflicts && <Conflicts conflicts={conflicts} onTake={take} />}
      <div className="tlp-choice"><Select<Tlp> label={t('warn.tlp')} value={tlp} onChange={(next) => onDraft({ ...started, tlp: next === started.base.tlp ? undefined : next })} choices={tlps.map((id) => ({ id, label: id }))} hint={t(`bulletins.tlp_${tlp.slice(4).toLowerCase().replace('+', '_') as 'clear' | 'green' | 'amber' | 'amber_strict' | 'red'}`)} /></div>
      <div className="stack">
        <TextField name="title" typed_in={language} label={t('bulletins.title')} value={text.title} onChange={(title) => textsWith(language, { title })} maxLength={TITLE_MAX} error={refused > 0 && text.title.trim() === '' ? t('people.missing') : undefined} />
        {bulletinSlots.map((slot) => <TextField key={slot} typed_in={language} label={t(`bulletins.slot_${slot}`)} hint={t(`bulletins.slot_${slot}_hint`)} lines={lines[slot]} value={text[slot]} onChange={(value) => textsWith(language, { [slot]: value })} maxLength={SLOT_MAX} />)}
      </div>
      <ActProblem error={error} />
      <div className="row">
        <Button type="submit" kind="primary" isPending={busy} isDisabled={!isChanged(draft)}>{t('ui.save')}</Button>
        {refused > 0 && untitled !== undefined ? <span className="field-error" role="alert">{t('bulletins.title_missing', { language: languageNames[untitled] })}</span>
          : isChanged(draft) && <span className="person">{t('bulletins.unsaved')}</span>}
      </div>
    </form>
  )
}
