import { urlsIn } from '../interaction/urls.ts'
import { addressOf } from './address.ts'
import { Draft } from './draft.ts'
import { portOf, textOf, type JsonObject } from './json.ts'
import { JsonEventReader } from './json-event-reader.ts'
import type { LineOutcome } from './model.ts'
import { OpenDrafts } from './open-drafts.ts'
import { keepRest } from './rest.ts'
import { millisIn } from './time.ts'

/** Names that every event has, or that say nothing to others. Algorithms of a key exchange are told by its hassh. */
const known: ReadonlySet<string> = new Set([
  'eventid', 'timestamp', 'time', 'session', 'src_ip', 'src_port', 'message', 'format', 'system', 'isError', 'uuid', 'protocol', 'duplicate',
  '@timestamp', '@version', 'path', 'tags', 'geoip', 'ip_rep', 'log', 'ecs', 'agent', 'event',
  'outfile', 'destfile', 'ttylog', 'late', 'log_format', 'log_level', 'log_namespace', 'log_source', 'log_time', 'why', 'failure',
  'kexAlgs', 'keyAlgs', 'encCS', 'macCS', 'compCS', 'langCS', 'hasshAlgorithms',
  'username', 'password', 'input', 'url', 'shasum', 'version', 'hassh', 'duration', 'fingerprint', 'key', 'type', 'name', 'value', 'data',
])

type Telling = (draft: Draft, event: JsonObject) => void

const tellings: Readonly<Record<string, Telling>> = {
  'cowrie.client.version': (draft, { version }) => draft.mayFact('ssh.client_version', bare(version)),
  'cowrie.client.kex': (draft, { hassh }) => draft.mayFact('ssh.hassh', hassh),
  'cowrie.client.fingerprint': (draft, { username, fingerprint }) => {
    draft.mayFact('ssh.key_fingerprint', fingerprint)
    draft.mayFact('ssh.key_user', username)
  },
  'cowrie.client.var': (draft, { name, value }) => draft.mayFact('ssh.environment', `${textOf(name) ?? ''}=${textOf(value) ?? ''}`),
  'cowrie.login.success': (draft, event) => login(draft, event, 'success'),
  'cowrie.login.failed': (draft, event) => login(draft, event, 'failed'),
  'cowrie.command.input': command,
  'cowrie.command.success': command,
  'cowrie.command.failed': command,
  'cowrie.session.file_download': file,
  'cowrie.session.file_download.failed': file,
  'cowrie.session.file_upload': (draft, event) => {
    file(draft, event)
    draft.mayFact('file.name', event['filename'])
  },
  'cowrie.direct-tcpip.request': (draft, event) => draft.mayFact('ssh.forward', `${textOf(event['dst_ip']) ?? ''}:${textOf(event['dst_port']) ?? ''}`),
  'cowrie.direct-tcpip.data': (draft, { data }) => draft.mayFact('ssh.forward_data', bare(data)),
  'cowrie.log.closed': (draft, { shasum }) => draft.mayFact('cowrie.input_sha256', shasum),
}

/** Only the connection is proven by these. */
const silent: ReadonlySet<string> = new Set(['cowrie.session.connect', 'cowrie.session.closed', 'cowrie.session.params'])

function login(draft: Draft, { username, password }: JsonObject, outcome: string): void {
  draft.login(textOf(username) ?? '', textOf(password) ?? '')
  draft.fact('cowrie.login', outcome)
}

function command(draft: Draft, { input }: JsonObject): void {
  const text = textOf(input)
  if (text === undefined) return
  draft.fact(`${draft.protocol === 'telnet' ? 'telnet' : 'ssh'}.commands`, text)
  for (const url of urlsIn(text)) draft.url(url)
}

function file(draft: Draft, { url, shasum }: JsonObject): void {
  const text = textOf(url)
  if (text !== undefined) draft.url(text)
  draft.mayFact('file.sha256', shasum)
}

/** Python's own way to write bytes and texts, as old versions logged them: `b'…'`, `'…'`. */
function bare(value: unknown): string | undefined {
  const text = textOf(value)
  const start = text?.startsWith("b'") ? 2 : 1
  return text !== undefined && text.length > start && text[start - 1] === "'" && text.endsWith("'") ? text.slice(start, -1) : text
}

/** cowrie's JSON log (docs.cowrie.org, Output Event Code Reference): the events of one session are one interaction. */
export class CowrieReader extends JsonEventReader {
  readonly #open = new OpenDrafts((draft) => this.give(draft))

  takeEvent(event: JsonObject, ends = true): LineOutcome {
    const id = event['eventid']
    if (typeof id !== 'string') return 'bad'
    const session = textOf(event['session'])
    if (session === undefined || !id.startsWith('cowrie.')) return 'skipped'
    const at_ms = millisIn(event['timestamp'] ?? event['@timestamp'] ?? event['time'], this.options.zone_s)
    if (at_ms === undefined) return 'bad'
    const key = this.#open.keyOf(`${textOf(event['sensor']) ?? ''}\n${session}`, addressOf(event['src_ip']))
    const draft = this.#open.get(key) ?? this.#begin(key, event)
    if (typeof draft === 'string') return draft
    const before = draft.kept_bytes
    this.#tell(draft, event, id, at_ms)
    this.#open.grew(draft.kept_bytes - before)
    if (id === 'cowrie.session.closed' && ends) this.#open.end(key)
    return 'event'
  }

  #begin(key: string, event: JsonObject): Draft | LineOutcome {
    const dst = addressOf(event['dst_ip'] ?? event['dest_ip'])
    const is_forward = String(event['eventid']).startsWith('cowrie.direct-tcpip')
    // Without its beginning a session still says whom it came from; whom it went to is then not known.
    const local = is_forward ? undefined : dst
    const src = addressOf(event['src_ip'])
    if (src === undefined) return event['src_ip'] === undefined ? 'skipped' : 'bad'
    const draft = new Draft(this.own.maskOf(local, addressOf(event['t-pot_ip_ext']), addressOf(event['t-pot_ip_int'])))
    draft.src = src
    draft.protocol = 'ssh'
    draft.handshake = 'completed'
    return this.#open.add(key, draft)
  }

  #tell(draft: Draft, event: JsonObject, id: string, at_ms: number): void {
    draft.saw(at_ms)
    const protocol = event['protocol']
    if (protocol === 'ssh' || protocol === 'telnet') draft.protocol = protocol
    if (!id.startsWith('cowrie.direct-tcpip')) {
      draft.src_port = portOf(event['src_port']) ?? draft.src_port
      draft.dst_port = portOf(event['dst_port'] ?? event['dest_port']) ?? draft.dst_port
    }
    if (!silent.has(id)) draft.proves('dialogue')
    if (id === 'cowrie.session.closed') draft.duration_ms = 1000 * (Number(event['duration']) || 0) || undefined
    const telling = Object.hasOwn(tellings, id) ? tellings[id] : undefined
    telling?.(draft, event)
    keepRest(draft, event, 'cowrie', known)
  }

  override finish(): void {
    this.#open.finish()
  }
}
