import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useText, type TextKey } from '../text/text.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { allPages } from './pages.ts'

const SECOND_KEY_MS = 1500

/** Keys must not fire while somebody writes, or a dialog is open. */
const writing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || target.closest('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]') !== null)

/** A key that a page adds while it is shown; the list behind `?` names it. */
export interface PageKey {
  readonly key: string
  readonly name: TextKey
  readonly act: () => void
}
let page_keys: readonly PageKey[] = []

/** Keys of the page that is shown. They wait behind `g` as all others do: `g d` is a page and not `d`. */
export function usePageKeys(keys: readonly PageKey[]): void {
  useEffect(() => {
    page_keys = keys
    return () => { page_keys = [] }
  }, [keys])
}

/** `?` help, `/` search, `g` and a letter for each page. */
export function useKeys(open: { readonly help: () => void; readonly search: () => void }): void {
  const navigate = useNavigate()
  const waiting = useRef(0)
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || writing(event.target)) return
      if (performance.now() < waiting.current) {
        waiting.current = 0
        const page = allPages.find(({ key }) => key === event.key)
        if (page) {
          event.preventDefault()
          void navigate({ href: page.path })
        }
        return
      }
      if (event.key === 'g') waiting.current = performance.now() + SECOND_KEY_MS
      const own = page_keys.find(({ key }) => key === event.key)
      if (event.key !== '?' && event.key !== '/' && own === undefined) return
      event.preventDefault()
      if (event.key === '?') open.help()
      else if (event.key === '/') open.search()
      else own?.act()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [navigate, open])
}

export function KeysDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const t = useText()
  const rows = [
    ['?', t('shell.keys_help')], ['/', t('shell.keys_search')],
    ...page_keys.map(({ key, name }) => [key, t(name)] as const),
    ...allPages.map(({ key, name }) => [`g ${key}`, t('shell.keys_go', { page: t(name) })] as const),
  ] as const
  return (
    <Dialog title={t('shell.keys_title')} isOpen={isOpen} onClose={onClose}>
      <dl className="facts">{rows.map(([keys, what]) => <div key={keys}><dt><kbd className="mono">{keys}</kbd></dt><dd>{what}</dd></div>)}</dl>
    </Dialog>
  )
}
