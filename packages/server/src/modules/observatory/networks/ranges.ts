import { formatAddress, parseAddress } from '@hirundo/base'

const V4_BITS = 32
const LOWER_HALF = (1n << 64n) - 1n

/** The networks in CIDR notation that together are exactly `first..last` (both IPv4, as numbers). */
export function* splitV4(first: number, last: number): Generator<string> {
  for (let at = first; at <= last; ) {
    let bits = 0
    // As large as the start is aligned to, and as the end allows.
    while (bits < V4_BITS && at % 2 ** (bits + 1) === 0 && at + 2 ** (bits + 1) - 1 <= last) bits++
    yield `${at >>> 24}.${(at >>> 16) & 255}.${(at >>> 8) & 255}.${at & 255}/${V4_BITS - bits}`
    at += 2 ** bits
  }
}

/** Networks of routing tables end before the lower half: then `::` stands for that and for the groups before it that are zero. */
function upperText(upper: number, lower: number): string {
  const groups = [upper >>> 16, upper & 0xffff, lower >>> 16, lower & 0xffff]
  while (groups.at(-1) === 0) groups.pop()
  return `${groups.map((group) => group.toString(16)).join(':')}::`
}

function textOf(value: bigint): string {
  if ((value & LOWER_HALF) === 0n) return upperText(Number(value >> 96n), Number((value >> 64n) & 0xffff_ffffn))
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setBigUint64(0, value >> 64n)
  new DataView(bytes.buffer).setBigUint64(8, BigInt.asUintN(64, value))
  return formatAddress(bytes)
}

const bitLength = (value: bigint): number => value.toString(2).length

/** As `splitV4` for IPv6 addresses as numbers of 128 bits. */
export function* splitV6(first: bigint, last: bigint): Generator<string> {
  for (let at = first; at <= last; ) {
    const left = last - at + 1n
    const aligned = at === 0n ? 1n << 128n : at & -at
    const bits = bitLength(aligned <= left ? aligned : left) - 1
    yield `${textOf(at)}/${128 - bits}`
    at += 1n << BigInt(bits)
  }
}

interface Bound {
  readonly v4: boolean
  readonly value: bigint
}

const MAPPED = 0xffffn << 32n

/** An address as text, or as the decimal number that tables of ranges use (IPv4 below 2^32). */
function boundOf(text: string): Bound | undefined {
  if (/^\d{1,39}$/.test(text)) {
    const value = BigInt(text)
    return value >> 128n === 0n ? { v4: value < 1n << 32n, value } : undefined
  }
  const address = parseAddress(text)
  if (!address.ok) return undefined
  const view = new DataView(address.value.buffer)
  const value = (view.getBigUint64(0) << 64n) | view.getBigUint64(8)
  return text.includes(':') ? { v4: false, value } : { v4: true, value: value - MAPPED }
}

/** The networks of a range given by its ends; undefined when they are no range. */
export function networksOf(first: string, last: string): Iterable<string> | undefined {
  const from = boundOf(first)
  const to = boundOf(last)
  if (!from || !to || from.v4 !== to.v4 || from.value > to.value) return undefined
  return from.v4 ? splitV4(Number(from.value), Number(to.value)) : splitV6(from.value, to.value)
}
