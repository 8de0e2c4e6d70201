import type { ReactNode } from 'react'
import { Button, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'

export interface MenuEntry { readonly id: string; readonly label: string; readonly onAction: () => void }

/** A button that opens a list of things to do. `label` is read aloud where the face is only a sign. */
export function Menu({ label, face, entries }: { readonly label: string; readonly face: ReactNode; readonly entries: readonly MenuEntry[] }) {
  return (
    <MenuTrigger>
      <Button className="button icon" aria-label={label}>{face}</Button>
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="menu">{entries.map(({ id, label: text, onAction }) => <MenuItem key={id} id={id} className="menu-item" onAction={onAction}>{text}</MenuItem>)}</AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
