import { portsOfService } from '@hirundo/base'
import type { Text } from '../text/text.tsx'
import { allPages } from './pages.ts'

export interface Destination { readonly label: string; readonly to: string }
interface Sensor { readonly id: string; readonly name: string }

const address = /^[0-9a-fA-F:.]{2,45}$/
const port = /^(tcp|udp)\/?(\d{1,5})$/i
const icmp = /^(icmp|icmpv6)\/(\d{1,3})[/-](\d{1,3})$/i
const asn = /^as(\d{1,10})$/i
const economy = /^[a-z]{2}$/i

/** Ports, addresses and networks: what a text is by its form. */
function byForm(text: string, t: Text): Destination[] {
  const found: Destination[] = []
  const [, protocol, number] = port.exec(text) ?? (/^\d{1,5}$/.test(text) ? ['', 'tcp', text] : [])
  if (protocol && Number(number) < 65_536) found.push({ label: t('shell.search_port', { key: `${protocol.toLowerCase()}/${Number(number)}` }), to: `/observe/ports/${protocol.toLowerCase()}/${Number(number)}` })
  const quoted = icmp.exec(text)
  if (quoted) found.push({ label: t('shell.search_port', { key: text.toLowerCase() }), to: `/observe/ports/${quoted[1]!.toLowerCase()}/${quoted[2]}-${quoted[3]}` })
  const network = asn.exec(text)
  if (network) found.push({ label: t('shell.search_asn', { key: text.toUpperCase() }), to: `/observe/explore?dimension=asn&key=${network[1]}` })
  if (address.test(text) && (text.includes(':') || text.split('.').length === 4)) found.push({ label: t('shell.search_source', { key: text }), to: `/observe/sources/${encodeURIComponent(text)}` })
  return found
}

/**
 * Where a text leads: a port by number or service, an address, a network, a page or a sensor by name, an economy by its
 * code. What the text names whole comes before what only holds it.
 */
export function destinations(typed: string, t: Text, sensors: readonly Sensor[] = []): Destination[] {
  const text = typed.trim()
  if (text === '') return []
  const words = text.toLowerCase()
  // One letter begins the names of dozens.
  const services = words.length < 2 ? [] : portsOfService(words).map(({ key, service }) => ({ whole: service === words, label: t('shell.search_service', { key, service }), to: `/observe/ports/${key}` }))
  return [
    ...byForm(text, t),
    ...services.filter(({ whole }) => whole),
    ...allPages.filter(({ name }) => t(name).toLowerCase().includes(words)).map(({ name, path }) => ({ label: t(name), to: path })),
    ...sensors.filter(({ name }) => name.toLowerCase().includes(words)).map(({ id, name }) => ({ label: t('shell.search_sensor', { name }), to: `/observe/sensors?show=${encodeURIComponent(id)}` })),
    ...(economy.test(text) ? [{ label: t('shell.search_economy', { key: text.toUpperCase() }), to: `/observe/explore?dimension=economy&key=${text.toUpperCase()}` }] : []),
    ...services.filter(({ whole }) => !whole),
  ].map(({ label, to }) => ({ label, to }))
}
