const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const CHARACTERS = 20
const GROUP = 4

/**
 * What people compare: the first 100 bits of a key's SHA-256 in lower-case base32 (RFC 4648), in five groups of four.
 * 100 bits are beyond a search for a second key, and short enough to be read out on the telephone.
 */
export function fingerprintText(sha256: Uint8Array): string {
  let text = ''
  for (let i = 0; i < CHARACTERS; i++) {
    const bit = 5 * i
    const pair = (sha256[bit >> 3]! << 8) | sha256[(bit >> 3) + 1]!
    if (i > 0 && i % GROUP === 0) text += '-'
    text += ALPHABET[(pair >> (11 - (bit & 7))) & 31]
  }
  return text
}
