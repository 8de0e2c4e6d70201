import { languages } from '@hirundo/contract'
import type { ReactNode } from 'react'
import { languageNames } from '../text/languages.ts'
import { useReader, useText } from '../text/text.tsx'
import { Mark } from '../ui/mark.tsx'
import { Menu } from '../ui/menu.tsx'
import { Page } from '../ui/page.tsx'
import './people.css'

/** A page without navigation, for who has not signed in. */
export function Lone({ name, sentence, children }: { readonly name: string; readonly sentence: string; readonly children: ReactNode }) {
  const t = useText()
  const { locale, setLanguage } = useReader()
  return (
    <div className="lone">
      <header className="lone-head">
        <span className="rail-brand"><Mark />{t('shell.product')}</span>
        <Menu label={t('people.action_about', { action: t('shell.language'), name: languageNames[locale] })} face={<span data-value>{languageNames[locale]} <span aria-hidden="true">▾</span></span>}
          entries={languages.map((id) => ({ id, label: languageNames[id], onAction: () => setLanguage(id) }))} />
      </header>
      <main><Page name={name} sentence={sentence}>{children}</Page></main>
    </div>
  )
}
