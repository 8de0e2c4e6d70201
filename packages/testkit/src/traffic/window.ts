import { drawBurst, kindNumber, sceneAt, frameKinds, type Burst, type Scene } from './burst.ts'
import { drawNetwork, type Destinations } from './destinations.ts'
import { frameWriters, protocolOf, type Shape } from './frames.ts'
import { frame_bytes_max } from './frame-writer.ts'
import { KeySet } from './key-set.ts'
import { put32le, RECORD_HEADER_BYTES } from './pcap-writer.ts'
import { Random } from './random.ts'
import { tallyOf, type Tally } from './tally.ts'

/** What a stretch of traffic is drawn from. Same request, same bytes. */
export interface WindowRequest {
  readonly seed: number
  /** Tells sensors apart: the same senders, other packets. */
  readonly stream: number
  readonly destinations: Destinations
  readonly snap_bytes: number
  readonly flows_per_packet: number
  readonly worm_began_s: number
  /** Share of packets that are no IP or not for the destinations. */
  readonly noise: number
  readonly from_ms: number
  readonly length_ms: number
  readonly packets: number
}

/** More in one window would need gigabytes. */
export const window_packets_max = 8_000_000
const CHUNK_BYTES = 1 << 20
/** MCAST-TEST-NET (RFC 6676): never a sensor of ours. */
const ELSEWHERE = 0xe9fc0001

/** Bursts by column, and for each packet its burst. */
interface Draft {
  kind: Uint8Array
  src: Uint32Array
  port: Uint16Array
  other_port: Uint16Array
  /** First address of the network, or for IPv6 the prefix number and the subnet. */
  net: Uint32Array
  span: Uint16Array
  burst_of: Uint32Array
  millisecond: Uint32Array
  by_kind: Float64Array
  flows: number
}

function emptyDraft(packets: number): Draft {
  return {
    kind: new Uint8Array(packets), src: new Uint32Array(packets), port: new Uint16Array(packets),
    other_port: new Uint16Array(packets), net: new Uint32Array(packets), span: new Uint16Array(packets),
    burst_of: new Uint32Array(packets), millisecond: new Uint32Array(packets),
    by_kind: new Float64Array(frameKinds.length), flows: 0,
  }
}

const isV6 = (kind: number): boolean => kind >= kindNumber.v6_syn && kind <= kindNumber.v6_echo
const isAnswer = (kind: number): boolean => kind === kindNumber.syn_ack || kind === kindNumber.rst

/** Sets the network of burst `b`; answers whether it counts as a flow. */
function aim(draft: Draft, b: number, request: WindowRequest, random: Random, network: { base: number; span: number }): boolean {
  const { v6, v4 } = request.destinations
  if (random.unit() < request.noise && v4.length > 0) {
    draft.kind[b] = random.word() & 1 ? kindNumber.arp : kindNumber.elsewhere
    draft.net[b] = ELSEWHERE
    draft.span[b] = 1
    return false
  }
  if (isV6(draft.kind[b]!)) {
    const prefix = random.below(v6.length)
    draft.net[b] = prefix
    draft.span[b] = random.below(v6[prefix]!.subnets)
  } else {
    drawNetwork(request.destinations, random, network)
    draft.net[b] = network.base
    draft.span[b] = network.span
  }
  return true
}

/** The key of burst `b` without its minute; a /24 or /64 is the unit of destinations. */
function addFlow(keys: KeySet, draft: Draft, b: number): void {
  const kind = draft.kind[b]!
  const protocol = protocolOf(kind, draft.other_port[b]!)
  const net = isV6(kind) ? draft.net[b]! * 65_536 + draft.span[b]! : draft.net[b]! >>> 8
  const port = protocol & 0xffff ? 0 : isAnswer(kind) ? draft.other_port[b]! : draft.port[b]!
  keys.add(draft.src[b]!, net, (protocol | (isV6(kind) ? 0x800000 : 0)) >>> 0, port)
}

const keys = new KeySet()

/** First pass: who sends what to which network, and when. */
function drawDraft(request: WindowRequest, scene: Scene, random: Random): Draft {
  const draft = emptyDraft(request.packets)
  const burst: Burst = { kind: 0, src: 0, port: 0 }
  const network = { base: 0, span: 0 }
  const more = 1 - request.flows_per_packet
  keys.clear()
  for (let packet = 0, b = 0; packet < request.packets; b++) {
    drawBurst(scene, random, burst)
    draft.kind[b] = burst.kind
    draft.src[b] = burst.src
    draft.port[b] = burst.port
    draft.other_port[b] = random.word() & 0xffff
    if (aim(draft, b, request, random, network)) addFlow(keys, draft, b)
    do {
      draft.burst_of[packet] = b
      draft.millisecond[packet++] = random.below(request.length_ms)
      draft.by_kind[draft.kind[b]!]!++
    } while (packet < request.packets && random.unit() < more)
  }
  draft.flows = keys.size
  return draft
}

/** Second pass: packets in order of time (counting sort by millisecond). */
function ordered(draft: Draft, length_ms: number): { order: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(length_ms + 1)
  const { millisecond } = draft
  for (let i = 0; i < millisecond.length; i++) starts[millisecond[i]! + 1]!++
  for (let ms = 0; ms < length_ms; ms++) starts[ms + 1]! += starts[ms]!
  const next = starts.slice()
  const order = new Uint32Array(millisecond.length)
  for (let i = 0; i < millisecond.length; i++) order[next[millisecond[i]!]!++] = draft.burst_of[i]!
  return { order, starts }
}

function shapeFrame(shape: Shape, draft: Draft, b: number, request: WindowRequest, random: Random): void {
  shape.src = draft.src[b]!
  shape.port = draft.port[b]!
  shape.other_port = draft.other_port[b]!
  if (isV6(draft.kind[b]!)) {
    const prefix = request.destinations.v6[draft.net[b]!]!
    shape.dst_words[0] = prefix.high
    shape.dst_words[1] = prefix.low + draft.span[b]!
    shape.dst_words[2] = 0
    shape.dst_words[3] = 1 + random.below(254)
  } else {
    shape.dst = (draft.net[b]! + random.below(draft.span[b]!)) >>> 0
  }
}

/** Third pass: the frames as pcap records. A chunk is valid until the next is asked for. */
function* records(request: WindowRequest, draft: Draft, random: Random): Generator<Uint8Array> {
  const { order, starts } = ordered(draft, request.length_ms)
  const chunk = new Uint8Array(CHUNK_BYTES)
  const shape: Shape = { src: 0, dst: 0, dst_words: new Uint32Array(4), port: 0, other_port: 0 }
  let at = 0
  for (let ms = 0; ms < request.length_ms; ms++) {
    const first = starts[ms]!
    const count = starts[ms + 1]! - first
    const time_ms = request.from_ms + ms
    for (let i = 0; i < count; i++) {
      if (at > CHUNK_BYTES - RECORD_HEADER_BYTES - frame_bytes_max) {
        yield chunk.subarray(0, at)
        at = 0
      }
      const b = order[first + i]!
      shapeFrame(shape, draft, b, request, random)
      const length = frameWriters[draft.kind[b]!]!(chunk, at + RECORD_HEADER_BYTES, shape, random)
      const kept = Math.min(length, request.snap_bytes)
      put32le(chunk, at, Math.floor(time_ms / 1000))
      put32le(chunk, at + 4, (time_ms % 1000) * 1000 + Math.floor((i * 1000) / count))
      put32le(chunk, at + 8, kept)
      put32le(chunk, at + 12, length)
      at += RECORD_HEADER_BYTES + kept
    }
  }
  if (at > 0) yield chunk.subarray(0, at)
}

/** Traffic of one window: its tally at once, its records when asked. */
export function drawWindow(request: WindowRequest): { readonly tally: Tally; readonly records: Generator<Uint8Array> } {
  if (request.packets > window_packets_max) throw new RangeError(`a window holds at most ${window_packets_max} packets`)
  const { seed, from_ms, destinations } = request
  const random = new Random(seed, request.stream, Math.floor(from_ms / 1000) ^ Math.imul(from_ms % 1000, 0x10001))
  const scene = sceneAt(seed, Math.floor(from_ms / 1000), request.worm_began_s, destinations.v4.length > 0, destinations.v6.length > 0)
  const draft = drawDraft(request, scene, random)
  return { tally: tallyOf(draft.by_kind, draft.flows), records: records(request, draft, random) }
}
