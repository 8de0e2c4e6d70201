import { udpPayloadBytes } from '../traffic/ports.ts'

export const TCP = 6
export const UDP = 17
export const ICMP = 1
const SYN = 0x02
const ACK = 0x10
const SYN_ACK = 0x12
const RST_ACK = 0x14
export const ECHO_PORT = 0x0800

/** How packets of one make look: what a flow row says beside addresses and counts. */
export interface Shape {
  readonly protocol: number
  readonly class: 'scan' | 'backscatter' | 'other'
  readonly flags: number
  /** TTL at the sender; hops are taken off by the sender's place. */
  readonly ttl: number
  /** −1: each host its own. */
  readonly window: number
  readonly header_bytes: number
  readonly bytes: number
  readonly tool: '' | 'mirai' | 'zmap' | 'masscan'
}

const syn = (ttl: number, window: number, header_bytes: number, tool: Shape['tool'] = ''): Shape =>
  ({ protocol: TCP, class: 'scan', flags: SYN, ttl, window, header_bytes, bytes: 20 + header_bytes, tool })
const answer = (flags: number): Shape => ({ protocol: TCP, class: 'backscatter', flags, ttl: 64, window: 0, header_bytes: 20, bytes: 40, tool: '' })
const plain = (protocol: number, ttl: number, bytes: number, of: Shape['class'], tool: Shape['tool'] = ''): Shape =>
  ({ protocol, class: of, flags: -1, ttl, window: -1, header_bytes: -1, bytes, tool })

export const shapes = {
  mirai: syn(64, -1, 20, 'mirai'),
  bare: syn(64, 5840, 20),
  linux: syn(64, 29_200, 40),
  linux_new: syn(64, 64_240, 40),
  linux_old: syn(64, 5840, 40),
  embedded: syn(64, 14_600, 40),
  windows: syn(128, 8192, 32),
  windows_new: syn(128, 64_240, 32),
  zmap: syn(255, 65_535, 24, 'zmap'),
  masscan: syn(255, 1024, 20, 'masscan'),
  stateless: syn(255, 1024, 20),
  udp: plain(UDP, 64, 0, 'scan'),
  udp_zmap: plain(UDP, 255, 0, 'scan', 'zmap'),
  echo: plain(ICMP, 64, 84, 'scan'),
  syn_ack: answer(SYN_ACK),
  reset: answer(RST_ACK),
  stray: { ...answer(ACK), class: 'other' },
} as const satisfies Record<string, Shape>
export type ShapeName = keyof typeof shapes
export const shapeNames = Object.keys(shapes) as ShapeName[]
export const shapeNumber = Object.fromEntries(shapeNames.map((name, i) => [name, i])) as Record<ShapeName, number>
export const shapeList: readonly Shape[] = shapeNames.map((name) => shapes[name])

/** IP bytes of one packet. */
export const packetBytes = (shape: Shape, port: number): number => (shape.protocol === UDP ? 28 + udpPayloadBytes(port) : shape.bytes)
