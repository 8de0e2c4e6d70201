import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useText } from '../text/text.tsx'
import { Button } from './button.tsx'

interface AskProps {
  /** What the button says before and after the question. */
  readonly label: string
  /** What happens then, and whether it can be taken back. */
  readonly question: ReactNode
  readonly onConfirm: () => void
  readonly kind?: 'danger' | 'primary'
  readonly isPending?: boolean
  /** For a button that looks like its neighbours: what it is about. */
  readonly about?: string
}

/** A button that asks once more in its own place, on a page as in a drawer, so that no dialog stands over another. It is quiet until then: red is for the decision. */
export function Ask({ label, question, onConfirm, kind = 'danger', isPending = false, about }: AskProps) {
  const t = useText()
  const [asked, setAsked] = useState(false)
  const confirm = useRef<HTMLButtonElement>(null)
  const first = useRef<HTMLButtonElement>(null)
  const was_asked = useRef(false)
  useEffect(() => {
    if (asked) confirm.current?.focus()
    else if (was_asked.current) first.current?.focus()
    was_asked.current = asked
  }, [asked])
  const name = about === undefined ? {} : { 'aria-label': t('people.action_about', { action: label, name: about }) }
  if (!asked) return <Button ref={first} {...name} isPending={isPending} onPress={() => setAsked(true)}>{label}</Button>
  return (
    <div className={`notice ${kind === 'danger' ? 'loss' : 'person'} ask`} role="group" aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        setAsked(false)
      }}>
      <div>{question}</div>
      <div className="row">
        <Button ref={confirm} kind={kind} isPending={isPending} onPress={() => {
          setAsked(false)
          onConfirm()
        }}>{label}</Button>
        <Button onPress={() => setAsked(false)}>{t('ui.cancel')}</Button>
      </div>
    </div>
  )
}
