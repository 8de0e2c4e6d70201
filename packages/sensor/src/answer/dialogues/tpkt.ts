const HEAD_BYTES = 4
const PACKET_BYTES_MAX = 4096
/** A COTP packet has at least its length, its kind and one byte more. */
const PACKET_BYTES_MIN = 7

/** A TPKT packet (RFC 1006) at the start of `bytes`: 3, 0, its whole length, and COTP (ISO 8073) from byte 4 on. */
export function tpktOf(bytes: Uint8Array): Uint8Array | 'partial' | 'malformed' {
  if (bytes[0] !== 3) return 'malformed'
  if (bytes.length < HEAD_BYTES) return 'partial'
  const length = bytes[2]! * 256 + bytes[3]!
  if (length < PACKET_BYTES_MIN || length > PACKET_BYTES_MAX) return 'malformed'
  return bytes.length < length ? 'partial' : bytes.subarray(0, length)
}
