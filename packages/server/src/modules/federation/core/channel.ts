import { isUuid } from '@hirundo/base'

/** What a lane carries decides its bounds and how it is signed; control goes first after a partition. */
export const lanes = ['control', 'case', 'bulk'] as const
export type Lane = (typeof lanes)[number]

/** In these lanes each entry is signed; in `bulk` the signed head at the end of each batch covers the entries. */
export const isSignedLane = (lane: Lane): boolean => lane !== 'bulk'

/** One direction of one lane of one edge, in one epoch: the name of one log. */
export interface Channel {
  readonly from: string
  readonly to: string
  /** UUID that both nodes agreed on when they became peers. */
  readonly edge: string
  readonly lane: Lane
  /** From 1; a sender that cannot go on with its log opens the next. */
  readonly epoch: number
}

const PREFIX = 'hirundo/v1'
const node_id_chars_max = 63
export const origin_chars_max = 256

/** Lower case, digits, `-` and `.`: nothing that a signed note or a look-alike could turn against us. */
export const isNodeId = (text: string): boolean => text.length <= node_id_chars_max && /^[a-z0-9][a-z0-9.-]*$/.test(text)

export const isLane = (text: string): text is Lane => (lanes as readonly string[]).includes(text)

/** The number that `text` writes in its only decimal form, 0 … 2^53 − 1; undefined for all else. */
export function readCount(text: string): number | undefined {
  if (text.length === 0 || text.length > 16 || !/^(0|[1-9][0-9]*)$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

/** First line of every signed note about the channel: `hirundo/v1/<from>/<to>/<edge>/<lane>/<epoch>`. */
export const originLine = (channel: Channel): string =>
  `${PREFIX}/${channel.from}/${channel.to}/${channel.edge}/${channel.lane}/${channel.epoch}`

/** The channel that an origin line names, or undefined. */
export function readOrigin(line: string): Channel | undefined {
  if (line.length > origin_chars_max) return undefined
  const parts = line.split('/')
  const [scheme = '', version = '', from = '', to = '', edge = '', lane = '', number = ''] = parts
  const epoch = readCount(number)
  if (parts.length !== 7 || `${scheme}/${version}` !== PREFIX || epoch === undefined || epoch < 1) return undefined
  if (!isNodeId(from) || !isNodeId(to) || from === to || !isUuid(edge) || !isLane(lane)) return undefined
  return { from, to, edge, lane, epoch }
}

export const sameChannel = (a: Channel, b: Channel): boolean => originLine(a) === originLine(b)
