import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface ParamLinkProps {
  readonly name: string
  readonly value: string
  readonly children: ReactNode
  readonly className?: string
  /** For links that look like their neighbours: what it is about. */
  readonly label?: string
}

/** Opens something of this page, such as a drawer, by its address. */
export const ParamLink = ({ name, value, children, className, label }: ParamLinkProps) => (
  <Link to="." resetScroll={false} search={((before: Record<string, unknown>) => ({ ...before, [name]: value })) as never}
    {...(className === undefined ? {} : { className })} {...(label === undefined ? {} : { 'aria-label': label })}>{children}</Link>
)
