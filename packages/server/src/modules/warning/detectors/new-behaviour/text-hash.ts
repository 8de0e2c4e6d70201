/** 53 bits of a text, keyed: what stands for it in tables (two finalisers of MurmurHash3 over its units). */
export function textHash(text: string, seed: number): number {
  let a = 0x9e3779b9 ^ seed
  let b = 0x85ebca6b ^ seed
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0xcc9e2d51)
    a ^= a >>> 15
    b = Math.imul(b ^ unit, 0x1b873593)
    b ^= b >>> 13
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b)
  b = Math.imul(b ^ (b >>> 16), 0xc2b2ae35)
  a ^= a >>> 13
  b ^= b >>> 16
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff)
}
