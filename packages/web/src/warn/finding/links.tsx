import { Link } from '@tanstack/react-router'
import type { FindingView } from '@hirundo/contract'
import { exploreAddress, portAddress, sourceAddress } from '../../observe/figure/addresses.ts'
import { stringifySearch } from '../../app/search-params.ts'
import { useText } from '../../text/text.tsx'
import { portKey } from '../words/subject.ts'

const HOUR_MS = 3_600_000
const isPortPage = (protocol: string | undefined): boolean => protocol === 'tcp' || protocol === 'udp'

/** The window with as much before and after, so that what is looked at can be compared with what was usual. */
function around({ start, end }: Pick<FindingView, 'start' | 'end'>): { readonly from: string; readonly to: string } {
  const [begin, over] = [Date.parse(start), Date.parse(end)]
  const margin = Math.max(HOUR_MS, over - begin)
  return { from: new Date(begin - margin).toISOString(), to: new Date(over + margin).toISOString() }
}

/** The same subject and time in the observatory. */
export function ObservatoryLinks({ finding }: { readonly finding: FindingView }) {
  const t = useText()
  const { subject, kind, asn } = finding
  const time = around(finding)
  const key = isPortPage(subject.protocol) ? portKey(subject) : undefined
  const links = [
    ...(key === undefined ? [] : [{ to: portAddress(key, time), text: t('shell.search_port', { key }) }]),
    ...(subject.source === undefined ? [] : [{ to: sourceAddress(subject.source, time), text: t('shell.search_source', { key: subject.source }) }]),
    ...(subject.victim === undefined ? [] : [{ to: sourceAddress(subject.victim, time), text: t('warn.link_victim', { address: subject.victim }) }]),
    ...(kind === 'drdos' ? [{ to: `/observe/drdos${stringifySearch(time)}`, text: t('shell.drdos') }] : []),
    ...(kind === 'own-network' || kind === 'new' ? [{ to: `/observe/answering${stringifySearch(time)}`, text: t('shell.answering') }] : []),
    ...(asn === null || asn === 0 ? [] : [{ to: exploreAddress('asn', [String(asn)], time), text: t('shell.search_asn', { key: `AS${asn}` }) }]),
    ...(key !== undefined && (kind === 'worm' || kind === 'spike' || kind === 'change-point' || kind === 'new') ? [{ to: `/warn/forecasts/${key}`, text: t('warn.link_forecast', { key }) }] : []),
  ]
  if (links.length === 0) return null
  return (
    <nav className="section" aria-labelledby="observatory">
      <h2 id="observatory">{t('warn.links')}</h2>
      <ul className="stack tight">{links.map(({ to, text }) => <li key={to}><Link to={to as never}>{text}</Link></li>)}</ul>
    </nav>
  )
}
