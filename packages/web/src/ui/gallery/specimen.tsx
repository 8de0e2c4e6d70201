import type { ReactNode } from 'react'

/** One kind of component with its states side by side. */
export const Specimens = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="section" aria-label={title}><h2>{title}</h2>{children}</section>
)
