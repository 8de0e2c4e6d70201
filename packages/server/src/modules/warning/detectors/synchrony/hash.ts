/** Scrambles two whole numbers below 2³² into one (finaliser of MurmurHash3): draws that come out the same in every run. */
export function hash32(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b1, 0x85ebca6b) ^ b
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Of an address number below 2⁵³. */
export const hashAddress = (address: number): number => hash32(address >>> 0, Math.floor(address / 0x1_0000_0000))
