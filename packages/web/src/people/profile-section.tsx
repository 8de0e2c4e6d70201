import { languages, updateMe, type Language, type PersonView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useSetSession } from '../app/session.tsx'
import { languageNames } from '../text/languages.ts'
import { useReader, useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Select, TextField } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { ActProblem } from './act-problem.tsx'
import { useStepUp } from './use-step-up.ts'

const zones = (own: string): string[] => [...new Set(['UTC', own, ...Intl.supportedValuesOf('timeZone')])]

/** Name, language and zone of the account: what notices and reports to this person go by. Saving also turns these pages to them. */
export function ProfileSection({ person }: { readonly person: PersonView }) {
  const t = useText()
  const say = useToast()
  const { setLanguage, setZone } = useReader()
  const setSession = useSetSession()
  const { run, busy, error } = useStepUp()
  const [name, setName] = useState(person.name)
  const [language, chooseLanguage] = useState<Language>(person.language)
  const [time_zone, chooseZone] = useState(person.time_zone)
  const save = async () => {
    const saved = await run(() => call(updateMe, { body: { name: name.trim(), language, time_zone } }))
    if (!saved) return
    setLanguage(saved.language)
    setZone(saved.time_zone)
    setSession(undefined)
    say(t('ui.saved'))
  }
  const same = name.trim() === person.name && language === person.language && time_zone === person.time_zone
  return (
    <section className="section" aria-labelledby="profile">
      <h2 id="profile">{t('people.profile')}</h2>
      <p className="quiet"><span data-value>{person.sign_in_name}</span> · {t(`people.role_${person.role}`)}</p>
      <form className="form" noValidate onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') void save()
      }}>
        <TextField label={t('people.name')} autoComplete="name" value={name} onChange={setName} maxLength={100} error={name.trim() === '' ? t('people.missing') : undefined} />
        <Select label={t('shell.language')} value={language} onChange={chooseLanguage} choices={languages.map((id) => ({ id, label: languageNames[id] }))} />
        <Select label={t('shell.zone')} value={time_zone} onChange={chooseZone} choices={zones(time_zone).map((id) => ({ id, label: id }))} />
        <p className="field-hint">{t('people.profile_about')}</p>
        <ActProblem error={error} />
        <div><Button type="submit" isPending={busy} isDisabled={same}>{t('ui.save')}</Button></div>
      </form>
    </section>
  )
}
