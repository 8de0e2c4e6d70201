import { urlsIn } from '../interaction/urls.ts'
import { addressOf } from './address.ts'
import { Draft } from './draft.ts'
import { listOf, objectOf, portOf, textOf, type JsonObject } from './json.ts'
import { JsonEventReader } from './json-event-reader.ts'
import type { LineOutcome } from './model.ts'
import { keepRest } from './rest.ts'
import { millisIn } from './time.ts'

const ITEMS_MAX = 64

/** Services of dionaea under the names of our own responders. */
const protocols: Readonly<Record<string, string>> = {
  smbd: 'smb', ftpd: 'ftp', httpd: 'http', mysqld: 'mysql', mssqld: 'mssql', tftpd: 'tftp', sipsession: 'sip', sipcall: 'sip', mqttd: 'mqtt',
  upnpd: 'ssdp', ntpd: 'ntp', memcached: 'memcached', epmapper: 'epmapper', mongod: 'mongodb', pptpd: 'pptp', blackhole: 'any', mirrord: 'any',
}

const known: ReadonlySet<string> = new Set([
  'connection', 'timestamp', '@timestamp', 'src_ip', 'src_port', 'src_hostname', 'credentials', 'username', 'password', 'ftp', 'downloads', 'offers',
  'message', 'path', 'type', 'tags', 'geoip', 'ip_rep', 'log', 'ecs', 'agent', 'event', '@version',
])

/** dionaea's log_json (modules/python/dionaea/log_json.py), and its database as JSON: a line is a connection. */
export class DionaeaReader extends JsonEventReader {
  takeEvent(event: JsonObject): LineOutcome {
    const connection = objectOf(event['connection'])
    if (!connection) return 'skipped'
    const type = textOf(connection['type'])
    // What dionaea itself began, and its own services that wait.
    if (type === 'listen' || type === 'connect') return 'skipped'
    const at_ms = millisIn(event['timestamp'] ?? event['@timestamp'], this.options.zone_s)
    const src = addressOf(event['src_ip'])
    if (at_ms === undefined || src === undefined) return 'bad'
    const dst = addressOf(event['dst_ip'] ?? event['dest_ip'])
    const draft = new Draft(this.own.maskOf(dst, addressOf(event['t-pot_ip_ext']), addressOf(event['t-pot_ip_int'])))
    draft.saw(at_ms)
    draft.src = src
    draft.src_port = portOf(event['src_port']) ?? 0
    draft.dst_port = portOf(event['dst_port'] ?? event['dest_port']) ?? 0
    const service = textOf(connection['protocol']) ?? 'any'
    draft.protocol = Object.hasOwn(protocols, service) ? protocols[service]! : service
    const transport = textOf(connection['transport'])
    draft.transport = transport === 'udp' ? 'udp' : 'tcp'
    if (type === 'accept') draft.proves('completed')
    if (transport === 'tls') draft.fact('dionaea.transport', 'tls')
    if (type !== undefined && type !== 'accept') draft.fact('dionaea.connection', type)
    tellLogins(draft, event)
    tellCommands(draft, event)
    tellDownloads(draft, event)
    keepRest(draft, event, 'dionaea', known)
    this.give(draft)
    return 'event'
  }
}

/** A list of objects, or dionaea's flat form: an object of lists. */
function itemsOf(value: unknown, ...names: readonly string[]): readonly JsonObject[] {
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map(objectOf).filter((one) => one !== undefined)
  const of = objectOf(value)
  if (!of) return []
  const lists = names.map((name) => (Array.isArray(of[name]) ? listOf(of[name]) : of[name] === undefined ? [] : [of[name]]))
  const length = Math.min(ITEMS_MAX, Math.max(0, ...lists.map((list) => list.length)))
  return Array.from({ length }, (_, place) => Object.fromEntries(names.map((name, i) => [name, lists[i]![place]])))
}

function tellLogins(draft: Draft, event: JsonObject): void {
  const own = itemsOf(event['credentials'], 'username', 'password')
  // T-Pot's pipeline takes them out of their object.
  const moved = own.length > 0 ? own : itemsOf({ username: event['username'], password: event['password'] }, 'username', 'password')
  for (const { username, password } of moved) {
    draft.login(textOf(username) ?? '', textOf(password) ?? '')
    draft.proves('dialogue')
  }
}

function tellCommands(draft: Draft, event: JsonObject): void {
  for (const { command, arguments: words } of itemsOf(objectOf(event['ftp'])?.['commands'], 'command', 'arguments')) {
    const rest = Array.isArray(words) ? words.map((word) => textOf(word) ?? '').join(' ') : textOf(words) ?? ''
    const text = `${textOf(command) ?? ''} ${rest}`.trim()
    draft.mayFact('ftp.commands', text)
    for (const url of urlsIn(text)) draft.url(url)
    draft.proves('dialogue')
  }
}

function tellDownloads(draft: Draft, event: JsonObject): void {
  for (const { url, md5, md5hash, sha256, sha256hash } of [
    ...itemsOf(event['downloads'], 'url', 'md5', 'md5hash', 'sha256', 'sha256hash'), ...itemsOf(event['offers'], 'url'),
  ]) {
    const text = textOf(url)
    if (text !== undefined) draft.url(text)
    draft.mayFact('file.md5', md5hash ?? md5)
    draft.mayFact('file.sha256', sha256hash ?? sha256)
    draft.proves('dialogue')
  }
}
