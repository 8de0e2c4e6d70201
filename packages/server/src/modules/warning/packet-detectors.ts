import { formatAddress, isMapped, protocolName, type Cidr } from '@hirundo/base'
import { backscatterLayout, batchKinds, flowLayout } from '@hirundo/formats'
import type { Detection } from './detectors/model.ts'
import { rsdos, type BackscatterBin, type RsdosParameters } from './detectors/rsdos.ts'
import { scan, type ScanMinute, type ScanParameters } from './detectors/scan.ts'

export interface PacketParameters {
  readonly rsdos: RsdosParameters
  readonly scan: ScanParameters
}

/** Addresses of a /24, the network of a row; a /64 is not counted beyond it. */
const network_destinations_max = 256

/** Addresses of the networks: of IPv6 ones none, for what is estimated by chance does not hold there. */
const addressesOf = (destinations: readonly Cidr[]): number =>
  destinations.filter(({ bytes, bits }) => isMapped(bytes) && bits >= 96).reduce((sum, { bits }) => sum + 2 ** (128 - bits), 0)

/** Default parameters for what observes: the thresholds of the sources, scaled by the number of addresses. */
export function packetParameters(destinations: readonly Cidr[]): PacketParameters {
  const addresses = addressesOf(destinations)
  return {
    rsdos: { ...rsdos.defaults, addresses },
    // Of a capture without --dst it is not known how much was watched: Merit's telescope is taken, whose time-out is short.
    scan: { ...scan.defaults, ...(addresses > 0 ? { addresses } : {}) },
  }
}

/** The detectors that need packets alone, over the rows of one observation in order of time. */
export class PacketDetectors {
  /** In order of their start once the end was told. */
  readonly detections: Detection[] = []
  readonly parameters: PacketParameters
  readonly #rsdos
  readonly #scan

  constructor(parameters: PacketParameters) {
    this.parameters = parameters
    this.#rsdos = rsdos.start(parameters.rsdos)
    this.#scan = scan.start(parameters.scan)
  }

  /** Rows of a batch of this kind (formats/row-layout.ts); kinds that say nothing here are left out. */
  take(kind: number, rows: number, body: Uint8Array): void {
    if (kind === batchKinds.backscatter) for (const bin of backscatterBins(rows, body)) this.#keep(this.#rsdos.push(bin))
    else if (kind === batchKinds.flow) for (const minute of scanMinutes(rows, body)) this.#keep(this.#scan.push(minute))
  }

  end(): void {
    this.#keep(this.#rsdos.end())
    this.#keep(this.#scan.end())
    this.detections.sort((a, b) => a.start - b.start || a.end - b.end)
  }

  /** Samples that bounded memory left out. */
  get shed(): number {
    return this.#rsdos.shed + this.#scan.shed
  }

  #keep(found: readonly Detection[]): void {
    for (const one of found) this.detections.push(one)
  }
}

function* backscatterBins(rows: number, body: Uint8Array): Generator<BackscatterBin> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const { row_bytes, offset } = backscatterLayout
  for (let at = 0; at < rows * row_bytes; at += row_bytes) {
    yield {
      bin: view.getUint32(at + offset['bin']!, true), victim: formatAddress(body, at + offset['victim']!),
      protocol: protocolName(view.getUint8(at + offset['protocol']!)), packets: view.getUint32(at + offset['packets']!, true),
      bytes: Number(view.getBigUint64(at + offset['bytes']!, true)), ports: view.getUint16(at + offset['ports']!, true),
    }
  }
}

function* scanMinutes(rows: number, body: Uint8Array): Generator<ScanMinute> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const { row_bytes, offset } = flowLayout
  for (let at = 0; at < rows * row_bytes; at += row_bytes) {
    const packets = view.getUint32(at + offset['scan']!, true)
    if (packets === 0) continue
    const port = view.getInt32(at + offset['dst_port']!, true)
    yield {
      minute: view.getUint32(at + offset['minute']!, true), source: formatAddress(body, at + offset['src']!),
      protocol: protocolName(view.getUint8(at + offset['protocol']!)), port: port < 0 ? undefined : port,
      network: formatAddress(body, at + offset['dst_net']!), packets,
      // Of a row with several classes not all destinations need be scanned.
      destinations: Math.min(view.getUint32(at + offset['dsts']!, true), packets, network_destinations_max),
    }
  }
}
