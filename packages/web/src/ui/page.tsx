import { useEffect, type ReactNode } from 'react'
import { useText } from '../text/text.tsx'

interface PageProps {
  /** Short name: the title of the tab, and above the sentence. */
  readonly name: string
  /** The page's question, answered: with number, period, coverage and comparison. The only h1. */
  readonly sentence: ReactNode
  /** Filters as tokens, below the sentence. */
  readonly filters?: ReactNode
  readonly children: ReactNode
}

/** Every page: name, sentence, filters, content. */
export function Page({ name, sentence, filters, children }: PageProps) {
  const t = useText()
  useEffect(() => void (document.title = `${name} · ${t('shell.product')}`), [name, t])
  return (
    <article className="page fade">
      <header className="page-head">
        <p className="page-kicker">{name}</p>
        <h1>{sentence}</h1>
        {filters !== undefined && <div className="row">{filters}</div>}
      </header>
      {children}
    </article>
  )
}
