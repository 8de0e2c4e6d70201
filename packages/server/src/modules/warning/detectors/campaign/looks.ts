import { toolBits } from '../core/slice.ts'

/**
 * What the packets of a source look like, in 23 bits: tool, class of the TTL at the sender, first SYN's window. Bots of one kind
 * look alike.
 */
export type Look = number

const WINDOW_BITS = 17
const WINDOW_MASK = (1 << WINDOW_BITS) - 1
const TTL_BITS = 3
const TTL_MASK = (1 << TTL_BITS) - 1
/** TTLs that systems begin with; hops are taken off on the way. */
const ttls = [32, 64, 128, 255] as const

/** `ttl`, `window`: −1 when not known. */
export function lookOf(tools: number, ttl: number, window: number): Look {
  const begin = ttl < 0 ? 0 : 1 + ttls.findIndex((one) => ttl <= one)
  return (((tools & 7) << TTL_BITS) | begin) << WINDOW_BITS | (window < 0 ? 0 : (window & 0xffff) + 1)
}

/** Of a source whose packets differ: all tools, the highest TTL and window. The order of packets does not matter. */
export function joinedLook(a: Look, b: Look): Look {
  const tools = (a | b) >>> (WINDOW_BITS + TTL_BITS)
  const begin = Math.max((a >>> WINDOW_BITS) & TTL_MASK, (b >>> WINDOW_BITS) & TTL_MASK)
  return ((tools << TTL_BITS) | begin) << WINDOW_BITS | Math.max(a & WINDOW_MASK, b & WINDOW_MASK)
}

/** Without the window: bots of some kinds draw it. */
export const withoutWindow = (look: Look): Look => look & ~WINDOW_MASK
export const hasWindow = (look: Look): boolean => (look & WINDOW_MASK) !== 0

/** As a subject's signature names it, the same in all languages: `tool=mirai ttl=64 window=1024`. */
export function lookText(look: Look): string {
  const tools = look >>> (WINDOW_BITS + TTL_BITS)
  const names = Object.entries(toolBits).filter(([, bit]) => (tools & bit) !== 0).map(([name]) => name)
  const begin = (look >>> WINDOW_BITS) & TTL_MASK
  return [
    ...(names.length > 0 ? [`tool=${names.join('+')}`] : []), ...(begin > 0 ? [`ttl=${ttls[begin - 1]}`] : []),
    ...(hasWindow(look) ? [`window=${(look & WINDOW_MASK) - 1}`] : []),
  ].join(' ')
}
