import { urlsIn } from '../interaction/urls.ts'
import { addressOf } from './address.ts'
import { ConpotReader } from './conpot.ts'
import { CowrieReader } from './cowrie.ts'
import { DionaeaReader } from './dionaea.ts'
import { Draft } from './draft.ts'
import { EveReader } from './eve.ts'
import { objectOf, portOf, textOf, type JsonObject } from './json.ts'
import { JsonEventReader } from './json-event-reader.ts'
import type { LineOutcome, LogOptions, LogSink } from './model.ts'
import { keepRest } from './rest.ts'
import { millisIn } from './time.ts'

/** Guesses about hosts, T-Pot's own pages and its inside: no one is known to have spoken to a decoy. */
const unused: ReadonlySet<string> = new Set(['p0f', 'fatt', 'nginx', 'syslog', 'metricbeat', 'spiderfoot'])

/** Ports and protocols of honeypots of which T-Pot knows no more; of others the port tells nothing. */
const honeypots: Readonly<Record<string, readonly [protocol: string, transport: 'tcp' | 'udp']>> = {
  adbhoney: ['adb', 'tcp'], ciscoasa: ['http', 'tcp'], citrixhoneypot: ['http', 'tcp'], dicompot: ['dicom', 'tcp'], elasticpot: ['http', 'tcp'], endlessh: ['ssh', 'tcp'],
  hellpot: ['http', 'tcp'], honeyaml: ['http', 'tcp'], galah: ['http', 'tcp'], 'go-pot': ['http', 'tcp'], ipphoney: ['ipp', 'tcp'], log4pot: ['http', 'tcp'],
  mailoney: ['smtp', 'tcp'], medpot: ['hl7', 'tcp'], miniprint: ['printer', 'tcp'], redishoneypot: ['redis', 'tcp'], sentrypeer: ['sip', 'udp'], tanner: ['http', 'tcp'],
  wordpot: ['http', 'tcp'], ddospot: ['any', 'udp'], honeytrap: ['any', 'tcp'], heralding: ['any', 'tcp'], honeypots: ['any', 'tcp'], glutton: ['any', 'tcp'], beelzebub: ['any', 'tcp'],
}
const amplifiers: Readonly<Record<number, string>> = { 19: 'chargen', 53: 'dns', 123: 'ntp', 1900: 'ssdp' }

const known: ReadonlySet<string> = new Set([
  '@timestamp', '@version', 'timestamp', 'time', 'ts', 'type', 'path', 'tags', 'src_ip', 'src_port', 'message', 'geoip', 'ip_rep', 'log', 'ecs', 'agent', 'event',
  'username', 'password', 'url', 'http.url', 'user_agent', 'http_user_agent', 'proto', 'protocol', 'session', 'id', 'auth_id', 'session_id', 'attack_connection', 'peer',
])

const NAME = /^[a-z][a-z0-9_.-]{0,31}$/
const HEX = /^(?:[0-9a-f]{2}){1,32768}$/i

/** What honeytrap says of a connection; the others say none of it. */
function tellAttack(draft: Draft, attack: JsonObject): void {
  draft.src_port ||= portOf(attack['remote_port']) ?? 0
  draft.dst_port ||= portOf(attack['local_port']) ?? 0
  const payload = objectOf(attack['payload'])
  const digits = payload?.['data_hex']
  if (typeof digits !== 'string' || !HEX.test(digits)) return
  draft.payload(Buffer.from(digits, 'hex'))
  draft.proves('dialogue')
}

/**
 * Exports of T-Pot's Elasticsearch (a hit in each line, with `_source` or without): `type` says which honeypot it was.
 * Events of cowrie, dionaea, conpot and Suricata are read as their own logs are; of others each event is an interaction.
 */
export class TpotReader extends JsonEventReader {
  readonly #cowrie: CowrieReader
  readonly #dionaea: DionaeaReader
  readonly #conpot: ConpotReader
  readonly #eve: EveReader

  constructor(options: LogOptions, sink: LogSink) {
    super(options, sink)
    this.#cowrie = new CowrieReader(options, sink)
    this.#dionaea = new DionaeaReader(options, sink)
    this.#conpot = new ConpotReader(options, sink)
    this.#eve = new EveReader(options, sink)
  }

  takeEvent(hit: JsonObject): LineOutcome {
    const event = objectOf(hit['_source']) ?? hit
    const type = textOf(event['type'])?.toLowerCase()
    if (type === undefined) return event === hit && hit['index'] !== undefined ? 'skipped' : 'bad'
    // An export is in no order: a session is open until the end or the bound.
    if (type === 'cowrie') return this.#cowrie.takeEvent(event, false)
    if (type === 'dionaea') return this.#dionaea.takeEvent(event)
    if (type === 'conpot') return this.#conpot.takeEvent(event)
    if (type === 'suricata') return this.#eve.takeEvent(event)
    return unused.has(type) ? 'skipped' : this.#other(event, type)
  }

  #other(event: JsonObject, type: string): LineOutcome {
    const src = addressOf(event['src_ip'] ?? objectOf(event['attack_connection'])?.['remote_ip'] ?? objectOf(event['peer'])?.['ip'])
    if (src === undefined) return 'skipped'
    const at_ms = millisIn(event['@timestamp'] ?? event['timestamp'] ?? event['time'], this.options.zone_s)
    if (at_ms === undefined) return 'bad'
    const draft = new Draft(this.own.maskOf(addressOf(event['dest_ip']), addressOf(event['t-pot_ip_ext']), addressOf(event['t-pot_ip_int'])))
    const [protocol, transport] = Object.hasOwn(honeypots, type) ? honeypots[type]! : (['any', 'tcp'] as const)
    draft.saw(at_ms)
    draft.src = src
    draft.src_port = portOf(event['src_port']) ?? 0
    draft.dst_port = portOf(event['dest_port']) ?? 0
    const attack = objectOf(event['attack_connection'])
    const named = textOf(event['protocol'] ?? event['proto'] ?? attack?.['protocol'])?.toLowerCase() ?? ''
    draft.transport = named === 'udp' ? 'udp' : transport
    draft.protocol = draft.transport === 'udp' ? amplifiers[draft.dst_port] ?? protocol : NAME.test(named) && named !== 'tcp' ? named : protocol
    draft.proves('completed')
    draft.fact('tpot.type', type)
    this.#tell(draft, event)
    if (attack) tellAttack(draft, attack)
    keepRest(draft, event, `tpot.${type}`, known)
    this.give(draft)
    return 'event'
  }

  #tell(draft: Draft, event: JsonObject): void {
    const [user, password] = [textOf(event['username']), textOf(event['password'])]
    if (user !== undefined || password !== undefined) {
      draft.login(user ?? '', password ?? '')
      draft.proves('dialogue')
    }
    const url = textOf(event['url'] ?? event['http.url'])
    if (url !== undefined) {
      draft.url(url)
      draft.fact('http.path', url)
      draft.proves('dialogue')
    }
    draft.mayFact('http.user_agent', event['http_user_agent'] ?? event['user_agent'])
    const input = textOf(event['input'])
    if (input === undefined) return
    for (const one of urlsIn(input)) draft.url(one)
    draft.proves('dialogue')
  }

  override finish(): void {
    for (const reader of [this.#cowrie, this.#dionaea, this.#conpot, this.#eve]) reader.finish()
  }
}
