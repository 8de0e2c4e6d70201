import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { TextField } from '../ui/field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useText, type Text } from '../text/text.tsx'
import { allPages } from './pages.ts'

interface Destination { readonly label: string; readonly to: string }

const address = /^[0-9a-fA-F:.]{2,45}$/
const port = /^(tcp|udp)\/?(\d{1,5})$/i
const icmp = /^(icmp|icmpv6)\/(\d{1,3})[/-](\d{1,3})$/i
const asn = /^as(\d{1,10})$/i

/** Where a text leads: a port, an address, a network, or a page by its name. */
export function destinations(typed: string, t: Text): Destination[] {
  const text = typed.trim()
  if (text === '') return []
  const found: Destination[] = []
  const [, protocol, number] = port.exec(text) ?? (/^\d{1,5}$/.test(text) ? ['', 'tcp', text] : [])
  if (protocol && Number(number) < 65_536) found.push({ label: t('shell.search_port', { key: `${protocol.toLowerCase()}/${Number(number)}` }), to: `/observe/ports/${protocol.toLowerCase()}/${Number(number)}` })
  const quoted = icmp.exec(text)
  if (quoted) found.push({ label: t('shell.search_port', { key: text.toLowerCase() }), to: `/observe/ports/${quoted[1]!.toLowerCase()}/${quoted[2]}-${quoted[3]}` })
  const network = asn.exec(text)
  if (network) found.push({ label: t('shell.search_asn', { key: text.toUpperCase() }), to: `/observe/explore?dimension=asn&key=${network[1]}` })
  if (address.test(text) && (text.includes(':') || text.split('.').length === 4)) found.push({ label: t('shell.search_source', { key: text }), to: `/observe/sources/${encodeURIComponent(text)}` })
  const words = text.toLowerCase()
  return [...found, ...allPages.filter(({ name }) => t(name).toLowerCase().includes(words)).map(({ name, path }) => ({ label: t(name), to: path }))]
}

/** The dialog behind `/`: type, choose by Enter. */
export function GoDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  useEffect(() => { if (isOpen) setTyped('') }, [isOpen])
  const found = destinations(typed, t)
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
