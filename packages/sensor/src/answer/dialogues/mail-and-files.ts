import { bytesOf, lineOf, urlsIn } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'

const LINE_BYTES_MAX = 1024
const LINES_MAX = 64

type Command = (argument: string, talk: SessionTalk) => string

/** A dialogue of lines: a greeting, then an answer to each command. */
abstract class Lines implements Dialogue {
  #lines = 0
  protected abstract greeting(): string
  protected abstract answer(line: string, talk: SessionTalk): string

  opened(talk: SessionTalk): void {
    talk.send(bytesOf(this.greeting()))
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    const line = lineOf(bytes, LINE_BYTES_MAX)
    if (!line) return 0
    for (const url of urlsIn(line.text)) talk.url(url)
    talk.send(bytesOf(this.answer(line.text, talk)))
    if (++this.#lines === LINES_MAX) talk.end()
    return line.bytes
  }
}

/** The word at the start of a line in capitals, and the rest. */
function split(line: string): readonly [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(line) ?? []
  return [word.toUpperCase(), rest]
}

const base64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8')

class Smtp extends Lines {
  readonly #host: string
  readonly #software: string
  /** Lines that are no commands: the user, then the password of AUTH LOGIN, or the one of AUTH PLAIN. */
  #expects: 'command' | 'user' | 'password' | 'plain' = 'command'
  #user = ''
  readonly #commands: Readonly<Record<string, Command>> = {
    HELO: (name, talk) => this.#hello('HELO', name, talk, `250 ${this.#host}\r\n`),
    EHLO: (name, talk) => this.#hello('EHLO', name, talk, `250-${this.#host}\r\n250-SIZE 10240000\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME\r\n`),
    AUTH: (how, talk) => this.#auth(how, talk),
    MAIL: (from, talk) => (talk.fact('smtp.mail', from), '250 2.1.0 Ok\r\n'),
    RCPT: (to, talk) => (talk.fact('smtp.rcpt', to), '554 5.7.1 Relay access denied\r\n'),
    DATA: () => '503 5.5.1 Error: need RCPT command\r\n',
    RSET: () => '250 2.0.0 Ok\r\n',
    NOOP: () => '250 2.0.0 Ok\r\n',
    VRFY: () => '252 2.0.0 Cannot VRFY user\r\n',
    STARTTLS: () => '454 4.7.0 TLS not available\r\n',
    QUIT: (_, talk) => (talk.end(), '221 2.0.0 Bye\r\n'),
  }

  constructor({ persona }: Setting) {
    super()
    this.#host = `${persona.host_name}.${persona.domain}`
    this.#software = persona.smtp_software
  }

  protected override greeting(): string {
    return `220 ${this.#host} ${this.#software}\r\n`
  }

  protected override answer(line: string, talk: SessionTalk): string {
    if (this.#expects !== 'command') return this.#credential(line, talk)
    const [word, rest] = split(line)
    const command = Object.hasOwn(this.#commands, word) ? this.#commands[word] : undefined
    return command ? command(rest, talk) : '502 5.5.2 Error: command not recognized\r\n'
  }

  #hello(word: string, name: string, talk: SessionTalk, answer: string): string {
    talk.spoke()
    talk.fact('smtp.hello', `${word} ${name}`)
    return answer
  }

  #auth(how: string, talk: SessionTalk): string {
    const [kind, first] = split(how)
    if (kind === 'PLAIN') {
      this.#expects = 'plain'
      return first === '' ? '334 \r\n' : this.#credential(first, talk)
    }
    if (kind !== 'LOGIN') return '535 5.7.8 Error: authentication failed\r\n'
    this.#expects = 'user'
    return first === '' ? '334 VXNlcm5hbWU6\r\n' : this.#credential(first, talk)
  }

  #credential(line: string, talk: SessionTalk): string {
    if (this.#expects === 'user') {
      this.#user = base64(line)
      this.#expects = 'password'
      return '334 UGFzc3dvcmQ6\r\n'
    }
    const [, user = '', password = ''] = this.#expects === 'plain' ? base64(line).split('\0') : ['', this.#user, base64(line)]
    talk.login(user, password)
    this.#expects = 'command'
    return '535 5.7.8 Error: authentication failed\r\n'
  }
}

class Ftp extends Lines {
  readonly #greeting: string
  #user = ''

  constructor({ persona }: Setting) {
    super()
    this.#greeting = persona.ftp_greeting
  }

  protected override greeting(): string {
    return `220 ${this.#greeting}\r\n`
  }

  /** No data connection is ever made: PORT would let a stranger point us at somebody. */
  protected override answer(line: string, talk: SessionTalk): string {
    const [word, rest] = split(line)
    talk.fact('ftp.commands', word)
    if (word === 'USER') {
      this.#user = rest
      return '331 Please specify the password.\r\n'
    }
    if (word === 'PASS') {
      talk.spoke()
      talk.login(this.#user, rest)
      return '530 Login incorrect.\r\n'
    }
    if (word === 'QUIT') return talk.end(), '221 Goodbye.\r\n'
    if (word === 'SYST') return '215 UNIX Type: L8\r\n'
    if (word === 'FEAT') return '211-Features:\r\n UTF8\r\n211 End\r\n'
    return word === 'AUTH' ? '502 Command not implemented.\r\n' : '530 Please login with USER and PASS.\r\n'
  }
}

/** SMTP (RFC 5321, 4954): takes credentials and names, relays nothing. */
export const smtp: TcpProtocol = { name: 'smtp', begin: (setting) => new Smtp(setting) }
/** FTP (RFC 959): takes credentials, lets nobody in. */
export const ftp: TcpProtocol = { name: 'ftp', begin: (setting) => new Ftp(setting) }
