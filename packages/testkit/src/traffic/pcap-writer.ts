/** A pcap file header: little endian, microseconds, Ethernet (draft-ietf-opsawg-pcap). */
export function pcapHeader(snap_bytes: number): Uint8Array {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0xa1b2c3d4, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, snap_bytes, true)
  view.setUint32(20, 1, true)
  return bytes
}

export const RECORD_HEADER_BYTES = 16

export function put32le(to: Uint8Array, at: number, value: number): void {
  to[at] = value & 0xff
  to[at + 1] = (value >>> 8) & 0xff
  to[at + 2] = (value >>> 16) & 0xff
  to[at + 3] = value >>> 24
}
