import { bytesOf, latin1, lineOf, urlsIn, utf8 } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'

const ITEMS_MAX = 64
const ITEM_BYTES_MAX = 8 * 1024
const LINE_BYTES_MAX = 8 * 1024
const COMMANDS_MAX = 64

/** Redis (RESP): says OK to what is set, and keeps nothing. */
export const redis: TcpProtocol = {
  name: 'redis',
  begin: (setting) => new Redis(setting),
  recognises: (bytes) => /^\*\d{1,2}\r\n\$\d/.test(latin1(bytes, 0, 16)),
}

class Redis implements Dialogue {
  readonly #setting: Setting
  #commands = 0

  constructor(setting: Setting) {
    this.#setting = setting
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    const request = bytes[0] === 0x2a ? arrayOf(bytes) : lineOf(bytes, LINE_BYTES_MAX)
    if (request === 'partial' || request === undefined) return 0
    if (request === 'malformed') {
      talk.send(bytesOf('-ERR Protocol error: invalid bulk length\r\n'))
      talk.end()
      return bytes.length
    }
    const words = 'words' in request ? request.words : request.text.trim().split(/\s+/)
    if (words[0] !== undefined && words[0] !== '') talk.send(bytesOf(this.#answer(words, talk)))
    if (++this.#commands === COMMANDS_MAX) talk.end()
    return request.bytes
  }

  #answer(words: readonly string[], talk: SessionTalk): string {
    const [word = '', first = '', second = ''] = words
    const command = word.toUpperCase()
    if (/^[A-Z]{2,20}$/.test(command)) talk.spoke()
    talk.fact('redis.commands', words.join(' ').slice(0, 120))
    for (const url of urlsIn(words.join(' '))) talk.url(url)
    const answer = answers[command]
    if (answer !== undefined && Object.hasOwn(answers, command)) return answer
    if (command === 'INFO') return bulk(`# Server\r\nredis_version:${this.#setting.persona.redis_version}\r\nredis_mode:standalone\r\nos:Linux\r\ntcp_port:6379\r\n`)
    if (command === 'AUTH' || command === 'HELLO') return auth(command, words, talk)
    if (command === 'SLAVEOF' || command === 'REPLICAOF') {
      if (first.toUpperCase() !== 'NO') talk.fact('redis.master', `${first}:${second}`)
      return '+OK\r\n'
    }
    if (command === 'CONFIG') return first.toUpperCase() === 'GET' ? `*2\r\n${bulk(second)}${bulk('')}` : '+OK\r\n'
    if (command === 'ECHO') return bulk(first)
    if (command === 'QUIT') return talk.end(), '+OK\r\n'
    return `-ERR unknown command '${word.slice(0, 64).replace(/[\r\n]/g, ' ')}'\r\n`
  }
}

const answers: Readonly<Record<string, string>> = {
  PING: '+PONG\r\n', SET: '+OK\r\n', SETEX: '+OK\r\n', FLUSHALL: '+OK\r\n', FLUSHDB: '+OK\r\n', SAVE: '+OK\r\n', BGSAVE: '+Background saving started\r\n',
  SELECT: '+OK\r\n', CLIENT: '+OK\r\n', DEL: ':1\r\n', EXISTS: ':0\r\n', DBSIZE: ':2\r\n', TYPE: '+none\r\n', GET: '$-1\r\n', KEYS: '*0\r\n', COMMAND: '*0\r\n', SCAN: '*2\r\n$1\r\n0\r\n*0\r\n',
  MODULE: '-ERR Error loading the extension. Please check the server logs.\r\n', EVAL: '-ERR Error running script\r\n',
}

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`

function auth(command: string, words: readonly string[], talk: SessionTalk): string {
  // HELLO [version [AUTH user password]]; AUTH [user] password.
  const given = command === 'AUTH' ? words.slice(1) : words[2]?.toUpperCase() === 'AUTH' ? words.slice(3) : []
  if (given.length === 0) return "-ERR unknown command 'HELLO'\r\n"
  talk.login(given.length > 1 ? given[0]! : '', given[given.length > 1 ? 1 : 0]!)
  return '-WRONGPASS invalid username-password pair or user is disabled.\r\n'
}

/** An array of bulk strings, as clients send it. */
function arrayOf(bytes: Uint8Array): { readonly words: readonly string[]; readonly bytes: number } | 'partial' | 'malformed' {
  let at = 0
  const number = (sign: number): number | 'partial' | 'malformed' => {
    if (at >= bytes.length) return 'partial'
    const end = bytes.indexOf(0x0a, at)
    if (end < 0) return bytes.length - at > 16 ? 'malformed' : 'partial'
    const text = latin1(bytes, at + 1, end - 1)
    if (bytes[at] !== sign || !/^\d{1,6}$/.test(text)) return 'malformed'
    at = end + 1
    return Number(text)
  }
  const count = number(0x2a)
  if (typeof count === 'string') return count
  if (count > ITEMS_MAX) return 'malformed'
  const words: string[] = []
  while (words.length < count) {
    const length = number(0x24)
    if (typeof length === 'string') return length
    if (length > ITEM_BYTES_MAX) return 'malformed'
    if (at + length + 2 > bytes.length) return 'partial'
    words.push(utf8(bytes, at, at + length))
    at += length + 2
  }
  return { words, bytes: at }
}
