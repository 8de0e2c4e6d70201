import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { mailDomain } from './mail-address.ts'
import { oneLine, plainText } from './plain-text.ts'
import type { SmtpServer } from './smtp-url.ts'

export interface Mail {
  /** Address that answers and failures go to. */
  readonly from: string
  readonly from_name: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Without brackets; the same for every attempt. */
  readonly message_id: string
  /** Milliseconds since 1970. */
  readonly date: number
  readonly headers: Readonly<Record<string, string>>
}

export interface MailBounds {
  /** To connect, and for the greeting. */
  readonly connect_ms_max: number
  /** Of the whole: what is not done by then is given up. */
  readonly ms_max: number
}
export const mailBounds: MailBounds = { connect_ms_max: 10_000, ms_max: 60_000 }

const subject_chars_max = 300
const text_chars_max = 200_000

/** The bytes of a message (RFC 5322, MIME). Subject, names and header values are one line, whatever they hold. */
export function composeMail(mail: Mail): Promise<Buffer> {
  const node = new MailComposer({
    from: { name: oneLine(mail.from_name, 100), address: mail.from },
    to: mail.to,
    subject: oneLine(mail.subject, subject_chars_max),
    text: plainText(mail.text, text_chars_max),
    messageId: `<${mail.message_id}>`,
    date: new Date(mail.date),
    headers: Object.fromEntries(Object.entries(mail.headers).map(([name, value]) => [name, oneLine(value, 400)])),
    disableFileAccess: true, disableUrlAccess: true, newline: '\r\n',
  }).compile()
  return new Promise((resolve, reject) => node.build((error, bytes) => (error ? reject(error) : resolve(bytes as Buffer))))
}

export type MailOutcome =
  | { readonly kind: 'sent', readonly detail: string }
  /** The server said no: for good, or for now. */
  | { readonly kind: 'refused', readonly permanent: boolean, readonly detail: string }
  /** It did not come to the message: another attempt cannot make two of it. */
  | { readonly kind: 'unreachable', readonly detail: string }
  /** The message was handed over, and whether the server took it is not known. */
  | { readonly kind: 'unknown', readonly detail: string }

const detail_chars_max = 300

interface SmtpFailure extends Error {
  readonly responseCode?: number
  readonly code?: string
  readonly originalCode?: string
}

function connectionTo(server: SmtpServer, from: string, bounds: MailBounds): SMTPConnection {
  return new SMTPConnection({
    host: server.host, port: server.port, secure: server.secure, name: mailDomain(from),
    requireTLS: server.starttls === 'required' && !server.secure, ignoreTLS: server.starttls === 'never',
    connectionTimeout: bounds.connect_ms_max, greetingTimeout: bounds.connect_ms_max, dnsTimeout: bounds.connect_ms_max,
    socketTimeout: bounds.ms_max, socketCloseTimeout: 0, maxResponseSize: 65_536, logger: false, tls: { minVersion: 'TLSv1.2' },
  })
}

const step = <T>(run: (done: (error?: Error | null, value?: T) => void) => void): Promise<T | undefined> =>
  new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))))

/** Refusals of this sender, recipient or message; others (greeting, sign-in) are for the operator to put right, and mail waits. */
const aboutMail = ['EENVELOPE', 'EMESSAGE']

function outcomeOf(error: SmtpFailure, handed_over: boolean): MailOutcome {
  const detail = oneLine(error.responseCode ? error.message : `${error.originalCode ?? error.code ?? ''} ${error.message}`, detail_chars_max)
  if (error.responseCode) return { kind: 'refused', permanent: error.responseCode >= 500 && aboutMail.includes(error.code ?? ''), detail }
  return { kind: handed_over ? 'unknown' : 'unreachable', detail }
}

/**
 * Hands one mail to the server. `handOver` is awaited when the server has accepted sender and recipient and before the
 * first byte of the message leaves: from then on only the server knows whether it took it, so that whoever sends notes it there.
 * When it rejects, nothing was sent.
 */
export async function sendMail(server: SmtpServer, mail: Mail, handOver: () => Promise<void>, bounds: MailBounds = mailBounds): Promise<MailOutcome> {
  const bytes = await composeMail(mail)
  const connection = connectionTo(server, mail.from, bounds)
  let handed_over = false
  const content = async function* () {
    await handOver()
    handed_over = true
    yield bytes
  }
  const late = setTimeout(() => connection.close(), bounds.ms_max)
  // After `close` a step may never call back.
  const ended = new Promise<never>((_, reject) => {
    connection.on('error', reject)
    connection.once('end', () => reject(new Error('the connection ended')))
  })
  ended.catch(() => undefined)
  try {
    await Promise.race([ended, step((done) => connection.connect(done))])
    if (server.user !== undefined) await Promise.race([ended, step((done) => connection.login({ user: server.user, pass: server.password }, done))])
    const envelope = { from: mail.from, to: [mail.to], size: bytes.length, use8BitMime: false }
    const info = await Promise.race([ended, step<{ response: string }>((done) => connection.send(envelope, Readable.from(content(), { objectMode: false }), done))])
    return { kind: 'sent', detail: oneLine(info?.response ?? '', detail_chars_max) }
  } catch (error) {
    return outcomeOf(error as SmtpFailure, handed_over)
  } finally {
    clearTimeout(late)
    connection.close()
  }
}
