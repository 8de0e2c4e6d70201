import { getFinding, type FindingView } from '@hirundo/contract'
import { fictionalTiles, tileGrid } from '@hirundo/figures'
import { exploreAddress } from '../../observe/figure/addresses.ts'
import { figureQuery } from '../../observe/figure/figure-query.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'

const fictional = new Set(fictionalTiles.map(({ code }) => code))

/** The economy of the victim's or source's address, among all of them. */
export function PlaceFigure({ finding }: { readonly finding: FindingView }) {
  const t = useText()
  const format = useFormat()
  const { economy, asn, as_name, packets, subject, start, end, simulated } = finding
  if (economy === null) return null
  const title = t(subject.victim === undefined ? 'warn.place_source' : 'warn.place_victim')
  const text = t('warn.place_text', { economy, network: asn === null ? '' : `AS${asn}${as_name === null ? '' : ` ${as_name}`}`, has_network: asn === null ? 'no' : 'yes' })
  return (
    <FigureCard note={<span data-value>{text}</span>}
      data={{
        id: 'finding-place', title, query: figureQuery(getFinding, { params: { id: finding.id } }), from: start, to: end, coverage: null, simulated, note: 'location-of-address-not-of-actor',
        columns: [{ key: 'economy', label: t('ui.economy') }, { key: 'asn', label: t('ui.network') }, { key: 'packets', label: t('ui.packets') }], rows: [{ economy, asn, packets }],
      }}
      draw={(width) => tileGrid({
        id: 'finding-place', title, width, desc: text, format: format.compact, texts: { unit: t('ui.packets'), hatched: t('ui.unknown') },
        ...(fictional.has(economy) ? { tiles: fictionalTiles } : {}),
        values: [{ code: economy, value: Math.max(1, packets), text, href: exploreAddress('economy', [economy], { from: start, to: end }) }],
      })} />
  )
}
