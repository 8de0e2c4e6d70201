import { useEffect, useRef } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'

interface RadiosProps<K extends string> {
  readonly label: string
  readonly choices: readonly { readonly id: K; readonly label: string; readonly hint?: string }[]
  /** Undefined: nothing is chosen yet, where a default would be a judgement. */
  readonly value: K | undefined
  readonly onChange: (value: K) => void
  readonly autoFocus?: boolean
}

/** One of a few, each with words of its own. */
export function Radios<K extends string>({ label, choices, value, onChange, autoFocus = false }: RadiosProps<K>) {
  const group = useRef<HTMLDivElement>(null)
  useEffect(() => { if (autoFocus) group.current?.querySelector('input')?.focus() }, [autoFocus])
  return (
    <RadioGroup ref={group} className="radios" aria-label={label} value={value ?? null} onChange={(next) => onChange(next as K)}>
      {choices.map(({ id, label: text, hint }) => (
        <Radio key={id} value={id} className="radio"><span className="dot" aria-hidden="true" /><span>{text}{hint !== undefined && <span className="quiet block small">{hint}</span>}</span></Radio>
      ))}
    </RadioGroup>
  )
}
  