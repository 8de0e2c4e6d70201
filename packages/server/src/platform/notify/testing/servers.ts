import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

export interface Heard {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An HTTP server on 127.0.0.1 that keeps what it is asked. */
export class HttpReceiver {
  readonly heard: Heard[] = []
  /** What is answered; 204 until set. */
  answer: RequestListener = (_, response) => void response.writeHead(204).end()
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('error', () => undefined)
      request.on('end', () => {
        this.heard.push({ method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(parts).toString() })
        this.answer(request, response)
      })
    })
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
}

/** A real SMTP server on 127.0.0.1 that keeps the mail it takes. */
export class SmtpReceiver {
  readonly mails: ReceivedMail[] = []
  /** Called when the whole message was received: what it throws is the server's refusal. */
  accept: () => Promise<void> | void = () => undefined
  readonly #options: SMTPServerOptions
  #server: SMTPServer | undefined
  port = 0

  constructor(options: SMTPServerOptions = {}) {
    this.#options = options
  }

  async start(port = 0): Promise<this> {
    this.#server = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS'], logger: false, ...this.#options,
      onData: (stream, session, done) => void this.#take(stream, session, done),
    })
    this.#server.on('error', () => undefined)
    await new Promise<void>((resolve) => this.#server!.listen(port, '127.0.0.1', resolve))
    this.port = (this.#server.server.address() as AddressInfo).port
    return this
  }

  async #take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession, done: (error?: Error | null) => void): Promise<void> {
    const parts: Buffer[] = []
    try {
      for await (const part of stream) parts.push(part as Buffer)
      await this.accept()
    } catch (error) {
      return done(error as Error)
    }
    this.mails.push({ from: envelope.mailFrom === false ? '' : envelope.mailFrom.address, to: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(parts).toString() })
    done()
  }

  stop(): Promise<void> {
    return new Promise((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()))
  }
}

/** Header lines of a mail, folded ones joined, by lower-case name; encoded words (RFC 2047) read. */
export function headersOf(raw: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    found.set(name, [...(found.get(name) ?? []), decodeWords(line.slice(colon + 1).trim())])
  }
  return found
}

function decodeWords(text: string): string {
  return text.replace(/(\?=)\s+(=\?)/g, '$1$2').replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
    how.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString() : unquote(word.replaceAll('_', ' ')))
}

const unquote = (text: string) => Buffer.from(text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString()

/** The text of a mail of one part. */
export function textOf(raw: string): string {
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4)
  const how = headersOf(raw).get('content-transfer-encoding')?.[0]
  if (how === 'base64') return Buffer.from(body, 'base64').toString()
  return (how === 'quoted-printable' ? unquote(body) : body).replaceAll('\r\n', '\n')
}
