const BITS = 7
/** Registers of one source: the estimate is right to 9 %. */
export const REGISTERS = 1 << BITS
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)
/** Of TCP and UDP. */
const PORTS = 131_072

/** Scrambles a port's key (finaliser of MurmurHash3); without a key, so that the same ports give the same estimate everywhere. */
function hash(port: number): number {
  let h = Math.imul(port ^ 0x9e3779b9, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Notes a port in the registers of an event that lie in a column; true when the estimate changes by it. */
export function addPort(registers: Uint8Array, slot: number, port: number): boolean {
  const hashed = hash(port)
  const at = slot * REGISTERS + (hashed >>> (32 - BITS))
  const rank = Math.clz32((hashed << BITS) | (1 << (BITS - 1))) + 1
  if (registers[at]! >= rank) return false
  registers[at] = rank
  return true
}

/** How many different ports were noted, about (HyperLogLog: Flajolet, Fusy, Gandouet and Meunier 2007). */
export function portsIn(registers: Uint8Array, slot: number): number {
  let empty = 0
  let sum = 0
  for (let i = slot * REGISTERS; i < (slot + 1) * REGISTERS; i++) {
    if (registers[i] === 0) empty++
    sum += 2 ** -registers[i]!
  }
  const many = (ALPHA * REGISTERS ** 2) / sum
  const few = empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : many
  return Math.min(PORTS, Math.round(many <= 2.5 * REGISTERS ? few : many))
}
