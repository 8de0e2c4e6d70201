import { OperatorError } from '../operator-error.ts'

export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte. */
  readonly secure: boolean
  /** STARTTLS: without it nothing is sent, used where offered, never. */
  readonly starttls: 'required' | 'offered' | 'never'
  readonly user?: string
  readonly password?: string
}

const wrong = (what: string) => new OperatorError(`The SMTP server's address ${what}.`, 'It looks like smtps://user:password@mail.example:465 or smtp://user:password@mail.example:587.')

const isLocal = (host: string) => ['localhost', '127.0.0.1', '::1'].includes(host)

/**
 * `smtps://user:password@host:465`, or `smtp://host:587` with STARTTLS: required, unless the server is on this machine or the
 * address ends in `?starttls=offered` or `?starttls=never`. Throws OperatorError, never with the password.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  if (!URL.canParse(text)) throw wrong('cannot be read')
  const url = new URL(text)
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') throw wrong('begins with neither smtp:// nor smtps://')
  if (url.hostname === '' || !['', '/'].includes(url.pathname) || url.hash !== '') throw wrong('must name a server and nothing behind it')
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const starttls = url.searchParams.get('starttls') ?? (isLocal(host) ? 'offered' : 'required')
  if (starttls !== 'required' && starttls !== 'offered' && starttls !== 'never') throw wrong('may say starttls=required, offered or never')
  return {
    host, secure, starttls, port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }),
  }
}
