import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'
import { useText } from '../text/text.tsx'
import { Button } from './button.tsx'

interface Toast { readonly id: number; readonly text: string; readonly undo: (() => void) | undefined }
type Say = (text: string, undo?: () => void) => void
const ToastContext = createContext<Say>(() => undefined)
const SHOWN_MS = 8000

/** Says in a corner what was done; with `undo`, it can be taken back while it is shown. */
export const useToast = (): Say => use(ToastContext)

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const t = useText()
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const drop = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  const say = useMemo<Say>(() => {
    let next = 0
    return (text, undo) => {
      const id = next++
      setToasts((all) => [...all.slice(-2), { id, text, undo }])
      setTimeout(() => drop(id), SHOWN_MS)
    }
  }, [drop])
  return (
    <ToastContext value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text, undo }) => (
          <div key={id} className="toast">
            <span>{text}</span>
            {undo && <Button kind="plain" onPress={() => { undo(); drop(id) }}>{t('ui.undo')}</Button>}
          </div>
        ))}
      </div>
    </ToastContext>
  )
}
