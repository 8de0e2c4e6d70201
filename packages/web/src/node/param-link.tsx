import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** Opens something of this page, such as a drawer, by its address. */
export const ParamLink = ({ name, value, children }: { readonly name: string; readonly value: string; readonly children: ReactNode }) => (
  <Link to="." resetScroll={false} search={((before: Record<string, unknown>) => ({ ...before, [name]: value })) as never}>{children}</Link>
)
