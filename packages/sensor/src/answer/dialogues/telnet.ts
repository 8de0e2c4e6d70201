import { bytesOf, joined, utf8, urlsIn } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'

const IAC = 255
const SB = 250
const SE = 240
const WILL = 251
const WONT = 252
const ECHO = 1
const LINE_BYTES_MAX = 1024
const COMMANDS_MAX = 64
/** The second login is let in: many clients show what they want only to a shell. */
const LOGINS_REFUSED = 1
const SUBNEGOTIATION_BYTES_MAX = 128

/** Telnet (RFC 854) with a login and a shell that runs nothing: it names applets as unknown, as BusyBox does. */
export const telnet: TcpProtocol = { name: 'telnet', begin: (setting) => new Telnet(setting) }

class Telnet implements Dialogue {
  readonly #setting: Setting
  #expects: 'user' | 'password' | 'command' = 'user'
  #line: number[] = []
  #user = ''
  #logins = 0
  #commands = 0
  #after_return = false

  constructor(setting: Setting) {
    this.#setting = setting
  }

  opened(talk: SessionTalk): void {
    talk.send(joined(Uint8Array.of(IAC, WILL, 3), bytesOf(`\r\n${this.#login}`)))
  }

  get #login(): string {
    return `${this.#setting.persona.host_name} login: `
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (bytes[0] === IAC) return takeNegotiation(bytes, talk, this.#line)
    const byte = bytes[0]!
    // A line ends with CR LF, CR NUL, or either alone; the second byte of a pair is no line of its own.
    const is_second = this.#after_return && (byte === 10 || byte === 0)
    this.#after_return = byte === 13
    if (is_second) return 1
    if (byte === 13 || byte === 10) this.#endLine(talk)
    else if (this.#line.push(byte) === LINE_BYTES_MAX) this.#endLine(talk)
    return 1
  }

  #endLine(talk: SessionTalk): void {
    const line = utf8(Uint8Array.from(this.#line))
    this.#line = []
    if (this.#expects === 'user') this.#takeUser(line, talk)
    else if (this.#expects === 'password') this.#takePassword(line, talk)
    else this.#takeCommand(line, talk)
  }

  #takeUser(line: string, talk: SessionTalk): void {
    if (line === '') return talk.send(bytesOf(`\r\n${this.#login}`))
    this.#user = line
    this.#expects = 'password'
    talk.send(joined(Uint8Array.of(IAC, WILL, ECHO), bytesOf('Password: ')))
  }

  #takePassword(line: string, talk: SessionTalk): void {
    talk.spoke()
    talk.login(this.#user, line)
    talk.send(Uint8Array.of(IAC, WONT, ECHO))
    const is_in = this.#logins++ >= LOGINS_REFUSED
    this.#expects = is_in ? 'command' : 'user'
    talk.send(bytesOf(is_in ? `\r\n${this.#setting.persona.telnet_prompt}` : `\r\nLogin incorrect\r\n${this.#login}`))
  }

  #takeCommand(line: string, talk: SessionTalk): void {
    const command = line.trim()
    if (command !== '') talk.fact('telnet.commands', command)
    for (const url of urlsIn(command)) talk.url(url)
    if (++this.#commands > COMMANDS_MAX || command === 'exit') return talk.end()
    const applet = /\/bin\/busybox\s+(\S{1,32})/.exec(command)?.[1]
    const echoed = /^echo\s+(?:-\w+\s+)?["']?([^"';|>&]{0,128})/.exec(command)?.[1]
    const answer = applet !== undefined ? `${applet}: applet not found\r\n` : echoed !== undefined ? `${echoed.trimEnd()}\r\n` : ''
    talk.send(bytesOf(`${answer}${this.#setting.persona.telnet_prompt}`))
  }
}

/** One command of the protocol at the start of `bytes`. Every option is left as it is; nothing is negotiated. */
function takeNegotiation(bytes: Uint8Array, talk: SessionTalk, line: number[]): number {
  const command = bytes[1]
  if (command === undefined) return 0
  if (command === IAC) return line.push(IAC), 2
  if (command === SB) {
    const end = bytes.indexOf(SE, 2)
    if (end < 0 && bytes.length < SUBNEGOTIATION_BYTES_MAX) return 0
    return end < 0 ? bytes.length : end + 1
  }
  if (command < WILL) return 2
  if (bytes[2] === undefined) return 0
  talk.fact('telnet.options', `${command}:${bytes[2]}`)
  return 3
}
