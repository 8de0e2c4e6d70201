import { urlsIn } from '../interaction/urls.ts'
import type { Draft } from './draft.ts'
import { listOf, objectOf, textOf, type JsonObject } from './json.ts'
import { keepRest } from './rest.ts'

/** Fields of a protocol's object that become facts under our own names. */
type Names = Readonly<Record<string, string>>

interface App {
  readonly names: Names
  /** What a table cannot say. */
  readonly more?: (draft: Draft, of: JsonObject) => void
  /** Of the answer, of the server, or of no use. */
  readonly without?: readonly string[]
}

const apps: Readonly<Record<string, App>> = {
  http: {
    names: { http_method: 'http.method', url: 'http.path', hostname: 'http.host', http_user_agent: 'http.user_agent' },
    without: ['length', 'response_headers', 'http_response_body', 'http_response_body_printable', 'http_port'],
    more: (draft, { url }) => {
      const text = textOf(url)
      if (text === undefined) return
      draft.url(text)
      if (text.includes('://')) for (const one of urlsIn(text)) draft.url(one)
    },
  },
  tls: {
    names: { sni: 'tls.server_name', ja4: 'tls.ja4', version: 'tls.version' },
    without: ['subject', 'issuerdn', 'serial', 'fingerprint', 'notbefore', 'notafter', 'certificate', 'chain', 'ja3s', 'server_alpns', 'subjectaltname', 'ja3', 'client_alpns', 'session_resumed', 'from_proto'],
    more: (draft, { ja3, client_alpns }) => {
      draft.mayFact('tls.ja3', objectOf(ja3)?.['hash'])
      for (const alpn of listOf(client_alpns).slice(0, 4)) draft.mayFact('tls.alpn', textOf(alpn))
    },
  },
  ssh: {
    names: {},
    without: ['server', 'client'],
    more: (draft, { client }) => {
      const of = objectOf(client)
      const software = textOf(of?.['software_version'])
      if (software !== undefined) draft.fact('ssh.client_version', `SSH-${textOf(of!['proto_version']) ?? '2.0'}-${software}`)
      draft.mayFact('ssh.hassh', objectOf(of?.['hassh'])?.['hash'])
    },
  },
  dns: {
    names: { rrname: 'dns.name', rrtype: 'dns.type' },
    without: ['version', 'type', 'id', 'tx_id', 'opcode', 'rd', 'ra', 'qr', 'aa', 'tc', 'flags', 'rcode', 'answers', 'grouped', 'authorities', 'additionals', 'rdata', 'ttl', 'queries', 'query'],
    more: (draft, { queries, query }) => {
      for (const one of [...listOf(queries).slice(0, 8), ...listOf(query).slice(0, 8)]) {
        draft.mayFact('dns.name', objectOf(one)?.['rrname'])
        draft.mayFact('dns.type', objectOf(one)?.['rrtype'])
      }
    },
  },
  mqtt: { names: {}, without: ['connect', 'publish', 'subscribe', 'connack', 'puback', 'suback', 'pingreq', 'pingresp', 'disconnect'], more: mqtt },
  smb: {
    names: { dialect: 'smb.dialect', command: 'smb.command', filename: 'smb.file', share: 'smb.share' },
    without: ['id', 'session_id', 'tree_id', 'status', 'status_code', 'server_guid', 'created', 'accessed', 'modified', 'changed', 'fuid', 'ntlmssp', 'client_dialects', 'response', 'size', 'share_type'],
    more: (draft, { ntlmssp, client_dialects }) => {
      const of = objectOf(ntlmssp)
      draft.mayFact('smb.user', of?.['user'])
      draft.mayFact('smb.domain', of?.['domain'])
      draft.mayFact('smb.workstation', of?.['host'])
      for (const dialect of listOf(client_dialects).slice(0, 16)) draft.mayFact('smb.dialects', textOf(dialect))
    },
  },
  ftp: {
    names: {},
    without: ['command', 'command_data', 'reply', 'completion_code', 'dynamic_port', 'mode', 'reply_received'],
    more: ftp,
  },
  smtp: {
    names: { helo: 'smtp.hello', mail_from: 'smtp.mail' },
    without: ['rcpt_to'],
    more: (draft, { rcpt_to }) => {
      for (const one of listOf(rcpt_to).slice(0, 16)) draft.mayFact('smtp.rcpt', textOf(one))
    },
  },
  rdp: {
    names: { cookie: 'rdp.cookie' },
    without: ['tx_id', 'client', 'x509_serials', 'protocol', 'server_supports'],
    more: (draft, { client }) => draft.mayFact('rdp.client_name', objectOf(client)?.['client_name']),
  },
  modbus: {
    names: {},
    without: ['id', 'request', 'response'],
    more: (draft, { request }) => {
      const of = objectOf(request)
      draft.mayFact('modbus.function', of?.['function_raw'])
      draft.mayFact('modbus.unit', of?.['unit_id'])
    },
  },
  dnp3: {
    names: {},
    without: ['src', 'dst', 'request', 'response', 'application', 'control', 'iin', 'type'],
    more: (draft, of) => {
      const request = objectOf(of['request']) ?? of
      draft.mayFact('dnp3.source', request['src'])
      draft.mayFact('dnp3.application_function', objectOf(request['application'])?.['function_code'])
    },
  },
  enip: {
    names: {},
    without: ['request', 'response'],
    more: (draft, { request }) => {
      draft.mayFact('enip.command', objectOf(request)?.['command'])
      draft.mayFact('enip.service', objectOf(objectOf(request)?.['cip'])?.['service'])
    },
  },
  snmp: { names: { version: 'snmp.version', community: 'snmp.community', pdu_type: 'snmp.request', usm: 'snmp.user' } },
  tftp: { names: { packet: 'tftp.request', file: 'tftp.file', mode: 'tftp.mode' } },
  sip: { names: { method: 'sip.method', uri: 'sip.uri' }, without: ['version', 'request_line', 'response_line', 'reason', 'code'] },
  fileinfo: {
    names: { filename: 'file.name', sha256: 'file.sha256', md5: 'file.md5', magic: 'file.type' },
    without: ['sid', 'gaps', 'state', 'stored', 'size', 'tx_id', 'file_id', 'start', 'end'],
  },
  anomaly: { names: { event: 'anomaly.event' }, without: ['type', 'layer', 'code'] },
}

const known: ReadonlyMap<string, { readonly app: App; readonly names: readonly (readonly [string, string])[]; readonly all: ReadonlySet<string> }> = new Map(
  Object.entries(apps).map(([type, app]) =>
    [type, { app, names: Object.entries(app.names), all: new Set([...Object.keys(app.names), ...(app.without ?? [])]) }]),
)

/** What an event says of its protocol: what is understood under the names that our own sensors use, the rest under `eve.`. */
export function tellApp(draft: Draft, type: string, of: JsonObject): void {
  const telling = known.get(type)
  if (!telling) return keepRest(draft, of, `eve.${type}`, nothing)
  for (const [field, fact] of telling.names) draft.mayFact(fact, of[field])
  telling.app.more?.(draft, of)
  keepRest(draft, of, `eve.${type}`, telling.all)
}

const nothing: ReadonlySet<string> = new Set()

function mqtt(draft: Draft, { connect, publish, subscribe }: JsonObject): void {
  const of = objectOf(connect)
  if (of) {
    draft.mayFact('mqtt.client_id', of['client_id'])
    draft.mayFact('mqtt.version', of['protocol_version'])
    const [user, password] = [textOf(of['username']), textOf(of['password'])]
    if (user !== undefined || password !== undefined) draft.login(user ?? '', password ?? '')
  }
  draft.mayFact('mqtt.publish', objectOf(publish)?.['topic'])
  for (const one of listOf(objectOf(subscribe)?.['topics']).slice(0, 16)) draft.mayFact('mqtt.subscribe', objectOf(one)?.['topic'])
}

function ftp(draft: Draft, { command, command_data }: JsonObject): void {
  const name = textOf(command)?.toUpperCase()
  const data = textOf(command_data) ?? ''
  if (name === undefined) return
  if (name === 'PASS') draft.login(draft.user, data)
  else if (name === 'USER') draft.user = data
  else draft.fact('ftp.commands', `${name} ${data}`.trimEnd())
}
