import { topDimensions, type TopDimension, type TopEntry } from '@hirundo/contract'
import type { SearchParams } from '../../app/search-params.ts'
import type { TextKey } from '../../text/text.tsx'
import { exploreAddress, portAddress, sourceAddress } from '../figure/addresses.ts'

export const isDimension = (text: unknown): text is TopDimension => topDimensions.includes(text as TopDimension)

export interface RowFace {
  readonly label: string
  readonly detail?: string | undefined
  readonly href?: string | undefined
}
interface Ranking {
  readonly tab: TextKey
  readonly sentence: TextKey
  readonly title: TextKey
  /** Column that names the rows. */
  readonly head: TextKey
  readonly face: (entry: TopEntry, search: SearchParams) => RowFace
}

/** What is ranked, in the order of the tabs, and where each row leads. */
export const rankings: Readonly<Record<TopDimension, Ranking>> = {
  ports: {
    tab: 'top.tab_ports', sentence: 'top.sentence_ports', title: 'top.title_ports', head: 'ui.port',
    face: ({ key, service }, search) => ({ label: key, detail: service ?? undefined, href: portAddress(key, search) }),
  },
  economies: {
    tab: 'top.tab_economies', sentence: 'top.sentence_economies', title: 'top.title_economies', head: 'ui.economy',
    face: ({ key }, search) => ({ label: key, href: exploreAddress('economy', [key], search) }),
  },
  asns: {
    tab: 'top.tab_asns', sentence: 'top.sentence_asns', title: 'top.title_asns', head: 'ui.network',
    face: ({ key, as_name }, search) => ({ label: `AS${key}`, detail: as_name, href: exploreAddress('asn', [key], search) }),
  },
  sources: {
    tab: 'top.tab_sources', sentence: 'top.sentence_sources', title: 'top.title_sources', head: 'ui.source',
    face: ({ key }, search) => ({ label: key, href: sourceAddress(key, search) }),
  },
  sensors: {
    tab: 'top.tab_sensors', sentence: 'top.sentence_sensors', title: 'top.title_sensors', head: 'ui.sensor',
    face: ({ key }, search) => ({ label: key, href: exploreAddress('sensor', [key], search) }),
  },
  protocols: {
    tab: 'top.tab_protocols', sentence: 'top.sentence_protocols', title: 'top.title_protocols', head: 'ui.protocol',
    face: ({ key }, search) => ({ label: key, href: exploreAddress('protocol', [key], search) }),
  },
}
