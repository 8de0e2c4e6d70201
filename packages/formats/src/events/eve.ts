import { addressOf } from './address.ts'
import { Draft } from './draft.ts'
import { tellApp } from './eve-apps.ts'
import { countOf, objectOf, portOf, textOf, type JsonObject } from './json.ts'
import { JsonEventReader } from './json-event-reader.ts'
import type { LineOutcome } from './model.ts'
import { OpenDrafts } from './open-drafts.ts'
import { isWatched } from './own-text.ts'
import { millisIn } from './time.ts'

const transportOf = (proto: unknown): 'tcp' | 'udp' | undefined => (proto === 'TCP' ? 'tcp' : proto === 'UDP' ? 'udp' : undefined)
/** About Suricata itself, or said once more by `flow`. */
const unused: ReadonlySet<string> = new Set(['stats', 'netflow', 'drop', 'packet', 'engine'])
/** Suricata writes these by packet, not by flow: its source may be the one that answers. */
const byPacket: ReadonlySet<string> = new Set(['alert', 'anomaly', 'fileinfo', 'dns'])
/** States of TCP (Suricata, stream-tcp) in which both sides have shown themselves. */
const connected: ReadonlySet<string> = new Set(['established', 'fin_wait1', 'fin_wait2', 'time_wait', 'last_ack', 'close_wait', 'closing'])
const ACK = 0x10
const PSH = 0x08
const SYN = 0x02
const HEX = /^[0-9a-f]{1,2}$/i
/** Of an alert's payload: Suricata keeps 4 KiB. */
const BASE64_CHARS_MAX = 65_536
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

interface Ends {
  readonly src: Uint8Array
  readonly dst: Uint8Array
  readonly src_port: number
  readonly dst_port: number
}

/** Suricata's eve.json (Suricata user guide, Eve JSON Format): the events of one flow are one interaction. */
export class EveReader extends JsonEventReader {
  readonly #open = new OpenDrafts((draft) => this.give(draft))

  takeEvent(event: JsonObject): LineOutcome {
    const type = event['event_type']
    if (typeof type !== 'string') return 'bad'
    if (unused.has(type) || event['src_ip'] === undefined) return 'skipped'
    const transport = transportOf(event['proto'])
    const at_ms = millisIn(event['timestamp'] ?? event['@timestamp'], this.options.zone_s)
    const ends = endsOf(event, type)
    if (at_ms === undefined || ends === undefined) return 'bad'
    if (transport === undefined) return 'skipped'
    const key = keyOf(event, ends, transport)
    let draft = this.#open.get(key)
    if (draft === undefined || type === 'flow') {
      const to_us = this.#toUs(ends, byPacket.has(type))
      if (to_us === undefined) {
        this.#open.drop(key)
        return 'not_for_us'
      }
      draft = this.#drafted(draft, to_us, transport, byPacket.has(type) ? ends.src : undefined)
      if (type === 'flow') {
        this.#flow(key, draft, event, at_ms)
        return 'event'
      }
      this.#open.add(key, draft)
    }
    const before = draft.kept_bytes
    draft.saw(at_ms)
    this.#tell(draft, event, type)
    this.#open.grew(draft.kept_bytes - before)
    return 'event'
  }

  /** Turned where the log named by packet: whoever came to us is the source. */
  #toUs(ends: Ends, may_turn: boolean): Ends | undefined {
    const { own } = this.options
    if (isWatched(ends.dst, own)) return ends
    if (may_turn && isWatched(ends.src, own)) return turned(ends)
    return undefined
  }

  #drafted(before: Draft | undefined, ends: Ends, transport: 'tcp' | 'udp', also: Uint8Array | undefined): Draft {
    const draft = before ?? new Draft(this.own.maskOf(ends.dst, also))
    draft.src = ends.src
    draft.src_port = ends.src_port
    draft.dst_port = ends.dst_port
    draft.transport = transport
    return draft
  }

  /** The last that is said of a flow: its sums. */
  #flow(key: string | number, draft: Draft, event: JsonObject, at_ms: number): void {
    const flow = objectOf(event['flow']) ?? {}
    const start = millisIn(flow['start'], this.options.zone_s) ?? at_ms
    const end = millisIn(flow['end'], this.options.zone_s) ?? start
    draft.at_ms = start
    draft.last_ms = Math.max(start, end)
    draft.bytes_in = countOf(flow['bytes_toserver']) ?? 0
    draft.bytes_out = countOf(flow['bytes_toclient']) ?? 0
    draft.requests = draft.transport === 'udp' ? countOf(flow['pkts_toserver'], 0xffff_ffff) ?? 1 : 1
    nameProtocol(draft, event, 'flow')
    if (draft.transport === 'tcp') proveByFlow(draft, event, flow)
    if (this.#open.get(key)) this.#open.giveOut(key)
    else this.give(draft)
  }

  #tell(draft: Draft, event: JsonObject, type: string): void {
    nameProtocol(draft, event, type)
    const alert = objectOf(event['alert'])
    if (alert) {
      draft.mayFact('alert.sid', alert['signature_id'])
      draft.mayFact('alert.signature', alert['signature'])
      draft.mayFact('alert.category', alert['category'])
      if (event['direction'] !== 'to_client') tellPayload(draft, event['payload'])
    }
    // An event carries its own protocol's object, an alert that of the flow, a file that of the transfer.
    const app = type === 'alert' ? textOf(event['app_proto']) : type
    const of = app !== undefined && Object.hasOwn(event, app) ? objectOf(event[app]) : undefined
    if (of) tellApp(draft, app!, of)
    if (type === 'fileinfo' && objectOf(event['http'])) tellApp(draft, 'http', objectOf(event['http'])!)
    // Suricata reads protocols of TCP only where it saw the handshake.
    if (type !== 'alert' && type !== 'anomaly') draft.proves('dialogue')
  }

  override finish(): void {
    this.#open.finish()
  }
}

const turned = ({ src, dst, src_port, dst_port }: Ends): Ends => ({ src: dst, dst: src, src_port: dst_port, dst_port: src_port })

/** Both ends from the side of the one who began, as far as the event tells. Undefined: an address is none. */
function endsOf(event: JsonObject, type: string): Ends | undefined {
  const flow = type === 'flow' ? undefined : objectOf(event['flow'])
  const of = flow !== undefined && typeof flow['src_ip'] === 'string' && typeof flow['dest_ip'] === 'string' ? flow : event
  const src = addressOf(of['src_ip'])
  const dst = addressOf(of['dest_ip'])
  if (src === undefined || dst === undefined) return undefined
  const ends = { src, dst, src_port: portOf(of['src_port']) ?? 0, dst_port: portOf(of['dest_port']) ?? 0 }
  if (of === flow || !byPacket.has(type)) return ends
  const is_answer = event['direction'] === 'to_client' || (type === 'dns' && ends.src_port === 53 && ends.dst_port !== 53)
  return is_answer ? turned(ends) : ends
}

function keyOf(event: JsonObject, { src_port, dst_port }: Ends, transport: string): string | number {
  const id = event['flow_id']
  if (typeof id === 'number') return id
  // Without a number: the same ports between the same addresses, in either direction.
  const sides = [textOf(event['src_ip']), textOf(event['dest_ip'])].toSorted().join()
  return `${transport} ${sides} ${Math.min(src_port, dst_port)} ${Math.max(src_port, dst_port)}`
}

function nameProtocol(draft: Draft, event: JsonObject, type: string): void {
  if (draft.protocol !== '' && draft.protocol !== 'any') return
  const named = textOf(event['app_proto']) ?? (type === 'flow' || type === 'alert' || type === 'anomaly' || type === 'fileinfo' ? undefined : type)
  draft.protocol = named === undefined || named === 'failed' || named === 'unknown' ? 'any' : named
}

/** What an alert holds of the stream up to there: base64. */
function tellPayload(draft: Draft, payload: unknown): void {
  if (typeof payload === 'string' && payload.length <= BASE64_CHARS_MAX && BASE64.test(payload)) draft.payload(Buffer.from(payload, 'base64'))
}

const flagsOf = (value: unknown): number | undefined => (typeof value === 'string' && HEX.test(value) ? Number.parseInt(value, 16) : undefined)

/**
 * Completed is a flow in which the client acknowledged the answer to its SYN: by flags of both sides, else by state.
 * That an answer came proves nothing, and after a reset the state says no more.
 */
function proveByFlow(draft: Draft, event: JsonObject, flow: JsonObject): void {
  const tcp = objectOf(event['tcp'])
  const client = flagsOf(tcp?.['tcp_flags_ts'])
  const server = flagsOf(tcp?.['tcp_flags_tc'])
  const state = textOf(tcp?.['state'])
  const is_both = client !== undefined && server !== undefined
  const answered = is_both ? (client & ACK) !== 0 && (server & (SYN | ACK)) === (SYN | ACK) : state !== undefined && connected.has(state)
  if (!answered || (countOf(flow['pkts_toclient']) ?? 0) === 0) return
  draft.proves('completed')
  if (draft.protocol !== 'any' || (is_both && (client & PSH) !== 0)) draft.proves('dialogue')
}
