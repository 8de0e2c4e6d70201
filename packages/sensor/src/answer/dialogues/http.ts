import { parseAddress } from '@hirundo/base'
import { bytesOf, latin1, urlsIn, utf8 } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'

const HEAD_BYTES_MAX = 8 * 1024
const BODY_BYTES_MAX = 4 * 1024
const REQUESTS_MAX = 16
const REQUEST_LINE = /^([A-Z]{3,16}) (\S{1,4096}) HTTP\/1\.[01]$/
const METHODS = ['GET ', 'POST', 'HEAD', 'OPTI', 'PUT ', 'DELE', 'CONN', 'PROP', 'TRAC', 'PATC']
const GUARDED = /^\/(admin|manager|cgi-bin|boaform|goform|setup|phpmyadmin|solr|api|HNAP1)\b/i

/** HTTP/1.1 (RFC 9112): a sign-in page, 401 where something is guarded, 404 elsewhere. Fetches and proxies nothing. */
export const http: TcpProtocol = {
  name: 'http',
  begin: (setting) => new Http(setting),
  recognises: (bytes) => METHODS.includes(latin1(bytes, 0, 4)),
}

interface Request {
  readonly method: string
  readonly target: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

class Http implements Dialogue {
  readonly #setting: Setting
  #requests = 0

  constructor(setting: Setting) {
    this.#setting = setting
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    const head = latin1(bytes, 0, HEAD_BYTES_MAX)
    const end = /\r?\n\r?\n/.exec(head)
    if (!end) {
      if (bytes.length < HEAD_BYTES_MAX) return 0
      return this.#refuse(bytes, talk, 431, 'Request Header Fields Too Large')
    }
    const [line = '', ...lines] = head.slice(0, end.index).split(/\r?\n/)
    const matched = REQUEST_LINE.exec(line)
    if (!matched) return this.#refuse(bytes, talk, 400, 'Bad Request')
    const headers = headersOf(lines)
    const declared = Number(headers.get('content-length') ?? 0)
    const start = end.index + end[0].length
    const body_bytes = Number.isSafeInteger(declared) && declared > 0 ? Math.min(declared, BODY_BYTES_MAX) : 0
    if (bytes.length < start + body_bytes) return 0
    this.#answer({ method: matched[1]!, target: matched[2]!, headers, body: utf8(bytes, start, start + body_bytes) }, talk)
    const is_last = declared > body_bytes || headers.has('transfer-encoding') || /\bclose\b/i.test(headers.get('connection') ?? '')
    if (is_last || ++this.#requests === REQUESTS_MAX || line.endsWith(' HTTP/1.0')) talk.end()
    return start + body_bytes
  }

  #refuse(bytes: Uint8Array, talk: SessionTalk, status: number, reason: string): number {
    for (const url of urlsIn(latin1(bytes))) talk.url(url)
    this.#reply(talk, 'GET', status, reason, '')
    talk.end()
    return bytes.length
  }

  #answer(request: Request, talk: SessionTalk): void {
    const { method, target, headers, body } = request
    talk.spoke()
    noteRequest(request, talk)
    const path = target.split('?', 1)[0]!
    if (method === 'CONNECT' || /^\w+:\/\//.test(target)) return this.#reply(talk, method, 403, 'Forbidden', '')
    if (method === 'OPTIONS') return this.#reply(talk, method, 204, 'No Content', '', 'Allow: GET, HEAD, POST, OPTIONS\r\n')
    if (path === '/' || path === '/index.html' || path.startsWith('/login')) return this.#reply(talk, method, 200, 'OK', this.#page(body !== ''))
    if (path === '/robots.txt') return this.#reply(talk, method, 200, 'OK', 'User-agent: *\nDisallow: /\n')
    if (GUARDED.test(path) || headers.has('authorization')) {
      return this.#reply(talk, method, 401, 'Unauthorized', '', `WWW-Authenticate: Basic realm="${this.#setting.persona.http_realm.replaceAll('"', '')}"\r\n`)
    }
    this.#reply(talk, method, 404, 'Not Found', '<html><body><h1>404 Not Found</h1></body></html>\n')
  }

  #page(is_refused: boolean): string {
    const title = this.#setting.persona.http_title.replaceAll('<', '')
    return `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1>${is_refused ? '<p>Wrong user or password</p>' : ''}` +
      '<form method="post" action="/login"><input name="username"><input name="password" type="password"><button>OK</button></form></body></html>\n'
  }

  #reply(talk: SessionTalk, method: string, status: number, reason: string, text: string, more = ''): void {
    const body = bytesOf(text)
    const head = `HTTP/1.1 ${status} ${reason}\r\nServer: ${this.#setting.persona.http_server}\r\nDate: ${new Date(this.#setting.now()).toUTCString()}\r\n` +
      `${more}${status === 204 ? '' : `Content-Type: ${text.startsWith('User') ? 'text/plain' : 'text/html'}\r\nContent-Length: ${body.length}\r\n`}\r\n`
    talk.send(bytesOf(head))
    if (method !== 'HEAD' && body.length > 0) talk.send(body)
  }
}

function headersOf(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return headers
}

function noteRequest({ method, target, headers, body }: Request, talk: SessionTalk): void {
  talk.fact('http.method', method)
  talk.fact('http.path', target)
  talk.url(target)
  const agent = headers.get('user-agent')
  if (agent !== undefined) talk.fact('http.user_agent', agent)
  const host = headers.get('host')
  if (host !== undefined) noteHost(host, talk)
  noteLogins(headers.get('authorization'), body, talk)
  const written = [target, body, headers.get('referer') ?? '', agent ?? ''].join('\n')
  for (const url of urlsIn(`${written}\n${decoded(written)}`)) talk.url(url)
}

/** A name says which site was meant; an address is in most cases our own. */
function noteHost(host: string, talk: SessionTalk): void {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  talk.fact('http.host', parseAddress(name).ok ? '(an address)' : host)
}

function noteLogins(authorization: string | undefined, body: string, talk: SessionTalk): void {
  const basic = /^Basic\s+([A-Za-z0-9+/=]{1,512})$/i.exec(authorization ?? '')?.[1]
  if (basic !== undefined) {
    const [user = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':')
    talk.login(user, password.join(':'))
  }
  const form = new URLSearchParams(body.slice(0, BODY_BYTES_MAX))
  const first = (...names: readonly string[]): string | undefined => names.map((name) => form.get(name)).find((value) => value !== null) ?? undefined
  const password = first('password', 'passwd', 'pass', 'pwd', 'psd', 'Password')
  if (password !== undefined) talk.login(first('username', 'user', 'login', 'email', 'name', 'log', 'Username') ?? '', password)
}

/** What is written as in a form or an address, once; text that cannot be decoded as it is. */
function decoded(text: string): string {
  return text.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}
