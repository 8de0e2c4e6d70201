import { urlsIn } from '../interaction/urls.ts'
import { addressOf } from './address.ts'
import { Draft } from './draft.ts'
import { portOf, textOf, type JsonObject } from './json.ts'
import { JsonEventReader } from './json-event-reader.ts'
import type { LineOutcome } from './model.ts'
import { OpenDrafts } from './open-drafts.ts'
import { keepRest } from './rest.ts'
import { millisIn } from './time.ts'

/** Services of conpot under the names of our own responders. */
const protocols: Readonly<Record<string, string>> = { s7: 's7comm', ENIP: 'enip', guardian_ast: 'guardian-ast', IEC104: 'iec104' }
const overUdp: ReadonlySet<string> = new Set(['snmp', 'bacnet', 'tftp', 'ipmi'])
const endings: ReadonlySet<string> = new Set(['CONNECTION_CLOSED', 'CONNECTION_LOST', 'CONNECTION_TERMINATED', 'CONNECTION_FAILED'])
const known: ReadonlySet<string> = new Set([
  'timestamp', '@timestamp', 'id', 'src_ip', 'src_port', 'data_type', 'request', 'response', 'event_type', 'data', 'function_code', 'slave_id',
  'message', 'path', 'type', 'tags', 'geoip', 'ip_rep', 'log', 'ecs', 'agent', 'event', '@version',
])
const HEX = /^(?:[0-9a-f]{2})+$/i
/** Of a request that is looked at. */
const REQUEST_CHARS_MAX = 65_536
const REQUEST_LINE = /^([A-Z]{3,16}) (\S{1,2048})/

/** conpot's JSON log (conpot/core/loggers/json_log.py): events of one session are one interaction. */
export class ConpotReader extends JsonEventReader {
  readonly #open = new OpenDrafts((draft) => this.give(draft))

  takeEvent(event: JsonObject): LineOutcome {
    const service = textOf(event['data_type'])
    if (service === undefined) return 'skipped'
    const at_ms = millisIn(event['timestamp'] ?? event['@timestamp'], this.options.zone_s)
    const src = addressOf(event['src_ip'])
    if (at_ms === undefined || src === undefined) return 'bad'
    const key = this.#open.keyOf(textOf(event['id']) ?? `${textOf(event['src_ip'])} ${textOf(event['src_port']) ?? ''} ${service}`, src)
    const draft = this.#open.get(key) ?? this.#begin(key, event, src, service)
    const before = draft.kept_bytes
    draft.saw(at_ms)
    this.#tell(draft, event)
    this.#open.grew(draft.kept_bytes - before)
    if (endings.has(textOf(event['event_type']) ?? '')) this.#open.end(key)
    return 'event'
  }

  #begin(key: string, event: JsonObject, src: Uint8Array, service: string): Draft {
    const local = addressOf(event['dst_ip'] ?? event['dest_ip'])
    const draft = new Draft(this.own.maskOf(local, addressOf(event['public_ip']), addressOf(event['t-pot_ip_ext']), addressOf(event['t-pot_ip_int'])))
    draft.src = src
    draft.src_port = portOf(event['src_port']) ?? 0
    draft.dst_port = portOf(event['dst_port'] ?? event['dest_port']) ?? 0
    draft.protocol = Object.hasOwn(protocols, service) ? protocols[service]! : service
    draft.transport = overUdp.has(service) ? 'udp' : 'tcp'
    draft.requests = 0
    draft.proves('completed')
    return this.#open.add(key, draft)
  }

  #tell(draft: Draft, event: JsonObject): void {
    const request = bare(textOf(event['request']))?.slice(0, REQUEST_CHARS_MAX)
    if (request !== undefined) {
      draft.proves('dialogue')
      if (draft.transport === 'udp') draft.requests++
      tellRequest(draft, request)
    }
    draft.mayFact('modbus.function', event['function_code'])
    draft.mayFact('modbus.unit', event['slave_id'])
    keepRest(draft, event, 'conpot', known)
  }

  override finish(): void {
    this.#open.finish()
  }
}

/** Conpot writes what came as hexadecimal digits, as text, or as Python shows a list. */
function tellRequest(draft: Draft, request: string): void {
  const bytes = HEX.test(request) ? Buffer.from(request, 'hex') : Buffer.from(request, 'utf8')
  draft.payload(bytes)
  if (draft.protocol === 'modbus' && HEX.test(request) && bytes.length >= 8) {
    draft.fact('modbus.function', bytes[7]!)
    draft.fact('modbus.unit', bytes[6]!)
  } else if (draft.protocol === 'http') {
    const line = REQUEST_LINE.exec(request)
    draft.mayFact('http.method', line?.[1])
    draft.mayFact('http.path', line?.[2])
    for (const url of [...(line ? [line[2]!] : []), ...urlsIn(request)]) draft.url(url)
  } else if (!HEX.test(request)) draft.fact('conpot.request', request)
}

/** Without the `b'…'` that Python puts around bytes. */
const bare = (text: string | undefined): string | undefined =>
  text !== undefined && text.length > 2 && (text.startsWith("b'") || text.startsWith('b"')) && text.at(-1) === text[1] ? text.slice(2, -1) : text
