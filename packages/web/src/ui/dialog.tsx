import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

interface DialogProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** `alertdialog` for what takes something away. */
  readonly role?: 'dialog' | 'alertdialog'
  /** On the right, for details beside the page. */
  readonly drawer?: boolean
}

/** A dialog in the middle, or a drawer on the right; Escape and a press outside close it. Never one over another. */
export function Dialog({ title, isOpen, onClose, children, role = 'dialog', drawer = false }: DialogProps) {
  return (
    <ModalOverlay className="overlay" isDismissable isOpen={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Modal className={drawer ? 'drawer-box' : 'dialog-box'}>
        <AriaDialog className="dialog" role={role}>
          <Heading slot="title" level={2}>{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
