import type { ReactNode } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'

/** A token that shows what is asked and opens where it is changed. `chosen`: it is not the default. */
export function Token({ label, text, chosen = false, children }: { readonly label: string; readonly text: string; readonly chosen?: boolean; readonly children: (close: () => void) => ReactNode }) {
  return (
    <DialogTrigger>
      <Button className={chosen ? 'chip chosen' : 'chip'}><span className="quiet">{label}</span> {text}</Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="dialog" aria-label={label}>{({ close }) => <>{children(close)}</>}</Dialog>
      </Popover>
    </DialogTrigger>
  )
}
