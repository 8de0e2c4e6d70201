import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useText } from '../text/text.tsx'
import { Button } from './button.tsx'

interface DialogProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** `alertdialog` for what takes something away. */
  readonly role?: 'dialog' | 'alertdialog'
  /** On the right, for details beside the page. */
  readonly drawer?: boolean
  /** A press outside does not close it: it shows what is never shown again. */
  readonly kept?: boolean
}

/** A dialog in the middle, or a drawer on the right; its button, Escape and a press outside close it. Never one over another. */
export function Dialog({ title, isOpen, onClose, children, role = 'dialog', drawer = false, kept = false }: DialogProps) {
  const t = useText()
  return (
    <ModalOverlay className="overlay" isDismissable={!kept} isKeyboardDismissDisabled={kept} isOpen={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Modal className={drawer ? 'drawer-box' : 'dialog-box'}>
        <AriaDialog className="dialog" role={role}>
          <div className="dialog-head">
            <Heading slot="title" level={2}>{title}</Heading>
            <Button kind="icon" aria-label={t('ui.close')} onPress={onClose}><span aria-hidden="true">✕</span></Button>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
