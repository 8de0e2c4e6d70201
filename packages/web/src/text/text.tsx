import type { Language } from '@hirundo/contract'
import type { texts } from '@hirundo/contract/catalogues/web/en'
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { IntlProvider, useTranslations } from 'use-intl'
import { loadMessages, PSEUDO, type Nested, type PageLanguage } from './languages.ts'
import { chooseLanguage, chooseZone, chosenLanguage, chosenZone } from './preferences.ts'

export type TextKey = keyof typeof texts
export type TextValues = Readonly<Record<string, string | number>>
/** The message of `key` in the reader's language, its ICU arguments filled in. */
export type Text = (key: TextKey, values?: TextValues) => string

interface Reader {
  readonly language: PageLanguage
  /** BCP 47 tag for Intl. */
  readonly locale: Language
  readonly zone: string
  readonly setLanguage: (language: PageLanguage) => void
  readonly setZone: (zone: string) => void
}
const ReaderContext = createContext<Reader | undefined>(undefined)

/** Language and time zone of the reader. */
export function useReader(): Reader {
  const reader = use(ReaderContext)
  if (!reader) throw new Error('outside of TextProvider')
  return reader
}

export function useText(): Text {
  const translate = useTranslations()
  return useCallback((key, values) => translate(key as never, values as never), [translate])
}

/** Loads the reader's language before anything is shown, and again when another is chosen. */
export function TextProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(chosenLanguage)
  const [zone, setZone] = useState(chosenZone)
  const [loaded, setLoaded] = useState<{ readonly language: PageLanguage; readonly messages: Nested }>()
  useEffect(() => {
    let wanted = true
    void loadMessages(language).then((messages) => wanted && setLoaded({ language, messages }))
    return () => { wanted = false }
  }, [language])
  const locale: Language = loaded === undefined || loaded.language === PSEUDO ? 'en' : loaded.language
  useEffect(() => void (document.documentElement.lang = locale), [locale])
  const reader = useMemo<Reader>(() => ({
    language, locale, zone,
    setLanguage: (next) => {
      chooseLanguage(next)
      setLanguage(next)
    },
    setZone: (next) => {
      chooseZone(next)
      setZone(chosenZone())
    },
  }), [language, locale, zone])
  if (!loaded) return null
  return (
    <ReaderContext value={reader}>
      <IntlProvider locale={locale} messages={loaded.messages as never} timeZone={zone}>
        <I18nProvider locale={locale}>{children}</I18nProvider>
      </IntlProvider>
    </ReaderContext>
  )
}
