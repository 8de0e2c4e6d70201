import type { ReactNode, Ref } from 'react'
import { Button as AriaButton, type ButtonProps as AriaProps } from 'react-aria-components'

export interface ButtonProps extends Omit<AriaProps, 'children' | 'className' | 'isPending'> {
  readonly children: ReactNode
  readonly ref?: Ref<HTMLButtonElement>
  /** `primary`: the one thing to do here; `danger`: takes something away; `plain`, `icon`: quiet. */
  readonly kind?: 'primary' | 'danger' | 'plain' | 'icon'
  /** What it began is under way: it keeps the focus and does nothing. */
  readonly isPending?: boolean
}

export function Button({ kind, isPending = false, ...props }: ButtonProps) {
  const { onPress: _, ...idle } = props
  const given = isPending ? { ...idle, type: 'button' as const, 'aria-disabled': true } : props
  return <AriaButton {...given} className={`button${kind ? ` ${kind}` : ''}${isPending ? ' pending' : ''}`} />
}
