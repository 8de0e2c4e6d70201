import type { ReactNode, Ref } from 'react'
import { Button as AriaButton, type ButtonProps as AriaProps } from 'react-aria-components'

export interface ButtonProps extends Omit<AriaProps, 'children' | 'className'> {
  readonly children: ReactNode
  readonly ref?: Ref<HTMLButtonElement>
  /** `primary`: the one thing to do here; `danger`: takes something away; `plain`, `icon`: quiet. */
  readonly kind?: 'primary' | 'danger' | 'plain' | 'icon'
}

/** While `isPending` it keeps the focus and does nothing. */
export const Button = ({ kind, ...props }: ButtonProps) => <AriaButton {...props} className={`button${kind ? ` ${kind}` : ''}`} />
