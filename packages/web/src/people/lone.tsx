import type { ReactNode } from 'react'
import { YouMenu } from '../app/you-menu.tsx'
import { useText } from '../text/text.tsx'
import { Page } from '../ui/page.tsx'
import './people.css'

/** A page without navigation, for who has not signed in. */
export function Lone({ name, sentence, children }: { readonly name: string; readonly sentence: string; readonly children: ReactNode }) {
  const t = useText()
  return (
    <div className="lone">
      <header className="lone-head">
        <span className="rail-brand"><img src="/hirundo.svg" alt="" />{t('shell.product')}</span>
        <YouMenu />
      </header>
      <main><Page name={name} sentence={sentence}>{children}</Page></main>
    </div>
  )
}
