import { AddressBook } from '../core/address-book.ts'
import { growingBackscatter, growingFlows, growingSyns } from '../core/columns.ts'
import { portKey } from '../core/port-key.ts'
import type { Heard, Slice } from '../core/slice.ts'

/** A flow row of a test; what is left out has a usual value. */
export interface TestFlow {
  /** IPv4 as a number. */
  readonly source: number
  /** IP protocol; 6 when absent. */
  readonly protocol?: number
  readonly port: number
  readonly sensor?: number
  readonly scan?: number
  readonly packets?: number
  readonly destinations?: number
  readonly network?: number
  readonly ttl?: number
  readonly window?: number
  readonly tools?: number
  readonly research?: boolean
  readonly economy?: number
  readonly asn?: number
}
export interface TestBackscatter {
  readonly bin: number
  readonly victim: number
  readonly protocol?: number
  readonly sensor?: number
  readonly packets: number
  readonly bytes?: number
  readonly ports?: number
}

/** A slice of these rows; sensors 1 … 3 watched the whole minute unless told otherwise. */
export function sliceOf(
  minute: number, flows: readonly TestFlow[], more: { readonly backscatter?: readonly TestBackscatter[]; readonly heard?: readonly Heard[]; readonly watched?: Slice['watched'] } = {},
): Slice {
  const growing = growingFlows()
  growing.reserve(flows.length)
  flows.forEach((flow, i) => {
    const c = growing.columns
    const scan = flow.scan ?? flow.packets ?? 1
    c.sensor[i] = flow.sensor ?? 1
    c.source[i] = flow.source
    c.port[i] = portKey(flow.protocol ?? 6, flow.port, -1, -1)
    c.packets[i] = flow.packets ?? scan
    c.bytes[i] = 40 * (flow.packets ?? scan)
    c.scan[i] = scan
    c.destinations[i] = flow.destinations ?? 1
    c.network[i] = flow.network ?? 0
    c.ttl[i] = flow.ttl ?? 50
    c.window[i] = flow.window ?? 1024
    c.tools[i] = flow.tools ?? 0
    c.research[i] = flow.research ? 1 : 0
    c.economy[i] = flow.economy ?? 0
    c.asn[i] = flow.asn ?? 0
  })
  const vectors = growingBackscatter()
  const backscatter = more.backscatter ?? []
  vectors.reserve(backscatter.length)
  backscatter.forEach((row, i) => {
    const c = vectors.columns
    c.bin[i] = row.bin
    c.victim[i] = row.victim
    c.protocol[i] = row.protocol ?? 6
    c.sensor[i] = row.sensor ?? 1
    c.packets[i] = row.packets
    c.bytes[i] = row.bytes ?? 40 * row.packets
    c.ports[i] = row.ports ?? 1
  })
  return {
    minute, addressText: new AddressBook().text, heard: more.heard ?? [],
    flows: { rows: flows.length, ...growing.columns }, backscatter: { rows: backscatter.length, ...vectors.columns },
    syns: { rows: 0, ...growingSyns().columns },
    watched: more.watched ?? [1, 2, 3].map((sensor) => ({ sensor, observed_s: 60 })),
  }
}
