import { listSensors } from '@hirundo/contract'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useAnswer } from '../api/api.ts'
import { TextField } from '../ui/field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useText } from '../text/text.tsx'
import { destinations } from './destinations.ts'
import { useScope } from './session.tsx'

/** The dialog behind `/`: type, choose by Enter. */
export function GoDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  useEffect(() => { if (isOpen) setTyped('') }, [isOpen])
  const may_list = useScope('sensors:read')
  const { data } = useAnswer(listSensors, {}, { enabled: isOpen && may_list })
  const found = destinations(typed, t, (data?.sensors ?? []).filter(({ state }) => state !== 'revoked'))
  const go = (to: string) => {
    onClose()
    void navigate({ href: to })
  }
  return (
    <Dialog title={t('shell.search')} isOpen={isOpen} onClose={onClose}>
      <form className="stack" onSubmit={(event) => {
        event.preventDefault()
        if (found[0]) go(found[0].to)
      }}>
        <TextField label={t('shell.search_hint')} value={typed} onChange={setTyped} autoFocus
          error={typed.trim() !== '' && found.length === 0 ? t('shell.search_none') : undefined} />
      </form>
      <ul>{found.slice(0, 8).map(({ label, to }) => <li key={to}><a className="menu-item" href={to} onClick={(event) => {
        event.preventDefault()
        go(to)
      }}>{label}</a></li>)}</ul>
    </Dialog>
  )
}
