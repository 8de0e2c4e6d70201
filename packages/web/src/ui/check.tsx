import type { ReactNode } from 'react'
import { Checkbox } from 'react-aria-components'

/** One box to tick, its words beside it. */
export const Check = ({ children, isSelected, onChange, isDisabled = false }: {
  readonly children: ReactNode; readonly isSelected: boolean; readonly onChange: (on: boolean) => void; readonly isDisabled?: boolean
}) => (
  <Checkbox className="check" isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}><span className="box" aria-hidden="true" /><span>{children}</span></Checkbox>
)
