import { useId, type ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'

/** A secret that is shown now and never again: what it is, itself, copy, and what to do with it. */
export function Once({ label, value, children }: { readonly label: string; readonly value: string; readonly children?: ReactNode }) {
  const id = useId()
  return (
    <section className="once" aria-labelledby={id}>
      <h3 id={id}>{label}</h3>
      <pre className="code" data-value tabIndex={0} aria-labelledby={id}>{value}</pre>
      <div className="row"><CopyButton text={value} what={label} /></div>
      {children}
    </section>
  )
}
