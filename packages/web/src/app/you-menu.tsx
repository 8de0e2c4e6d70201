import { languages, signOut } from '@hirundo/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button as AriaButton, DialogTrigger, Dialog, Popover } from 'react-aria-components'
import { call } from '../api/api.ts'
import { languageNames } from '../text/languages.ts'
import { chosenTheme, chooseTheme, type Theme } from '../text/preferences.ts'
import { useReader, useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Segmented, Select } from '../ui/field.tsx'
import { useSession, useSetSession } from './session.tsx'

/** Zones of the community's languages first would be a guess about people: the browser's own list, and UTC. */
const zones = (own: string): string[] => [...new Set(['UTC', own, ...Intl.supportedValuesOf('timeZone')])]

function Looks() {
  const t = useText()
  const { language, locale, zone, setLanguage, setZone } = useReader()
  const [theme, setTheme] = useState(chosenTheme)
  const choose = (next: Theme) => {
    chooseTheme(next)
    setTheme(next)
  }
  return (
    <>
      <Select label={t('shell.language')} value={locale} choices={languages.map((id) => ({ id, label: languageNames[id] }))} onChange={setLanguage}
        {...(language === 'en' ? {} : { hint: t('shell.drafts') })} />
      <Select label={t('shell.zone')} value={zone} choices={zones(zone).map((id) => ({ id, label: id }))} onChange={setZone} />
      <Segmented label={t('shell.theme')} value={theme} onChange={choose} choices={[
        { id: 'system', label: t('shell.theme_system') }, { id: 'light', label: t('shell.theme_light') }, { id: 'dark', label: t('shell.theme_dark') },
      ]} />
    </>
  )
}

/** Who is signed in, and language, zone and theme: these stay in this browser. */
export function YouMenu() {
  const t = useText()
  const session = useSession()
  const setSession = useSetSession()
  const navigate = useNavigate()
  const person = session?.person ?? null
  return (
    <DialogTrigger>
      <AriaButton className="button plain"><span data-value>{person?.name ?? '⋯'}</span>{' '}<span className="sr">{t('shell.menu_you')}</span></AriaButton>
      <Popover className="popover" placement="bottom end">
        <Dialog className="dialog" aria-label={t('shell.menu_you')}>
          <Looks />
          {person && <Button onPress={() => void call(signOut, {}).then(() => {
            setSession(undefined)
            return navigate({ href: '/sign-in' })
          })}>{t('shell.sign_out')}</Button>}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
