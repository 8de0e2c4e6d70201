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

/** A look as the store tells sources by it. */
export interface LookParts {
  readonly tools: readonly (keyof typeof toolBits)[]
  readonly ttl: number | null
  readonly window?: number
}

const isTool = (text: string): text is keyof typeof toolBits => Object.hasOwn(toolBits, text)
const whole = (text: string): number => (/^\d{1,5}$/.test(text) ? Number(text) : -1)

/** Reads what `lookText` wrote; undefined: it did not write that. */
export function readLook(text: string): LookParts | undefined {
  const parts = new Map(text.split(' ').filter((part) => part !== '').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const))
  const tools = parts.get('tool')?.split('+') ?? []
  const [ttl, window] = [parts.get('ttl'), parts.get('window')].map((value) => (value === undefined ? undefined : whole(value)))
  if (!tools.every(isTool) || (ttl !== undefined && !(ttls as readonly number[]).includes(ttl)) || (window !== undefined && (window < 0 || window > 0xffff))) return undefined
  if ([...parts.keys()].some((name) => !['tool', 'ttl', 'window'].includes(name))) return undefined
  return { tools, ttl: ttl ?? null, ...(window === undefined ? {} : { window }) }
}
