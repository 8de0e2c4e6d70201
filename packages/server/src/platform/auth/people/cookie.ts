/** Browsers accept the prefix only with Secure, Path=/ and no Domain: another host of the site cannot plant it. */
const SESSION = '__Host-hirundo'
/** Lax, because the identity provider leads back from another site; holds nothing but the name of the attempt. */
const OIDC = '__Host-hirundo-oidc'

/** Outlives sessions; names nobody, and means something only to the node's memory: this browser signed in here before. */
const KNOWN = '__Host-hirundo-known'
const KNOWN_S = 180 * 86_400

const shape = /^[\w-]{43}$/

function read(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at < 0 || part.slice(0, at).trim() !== name) continue
    const value = part.slice(at + 1).trim()
    return shape.test(value) ? value : undefined
  }
  return undefined
}

const write = (name: string, value: string, site: 'Strict' | 'Lax', seconds: number) =>
  `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${site}; Max-Age=${Math.max(0, Math.floor(seconds))}`

/** The session's secret in a Cookie header, if there is one of the right form. */
export const readSession = (header: string | undefined): string | undefined => read(header, SESSION)
/** Set-Cookie of a session; seconds until the browser forgets it. */
export const sessionCookie = (secret: string, seconds: number): string => write(SESSION, secret, 'Strict', seconds)
export const noSessionCookie = write(SESSION, '', 'Strict', 0)

export const readKnown = (header: string | undefined): string | undefined => read(header, KNOWN)
export const knownCookie = (secret: string): string => write(KNOWN, secret, 'Strict', KNOWN_S)

export const readOidc = (header: string | undefined): string | undefined => read(header, OIDC)
export const oidcCookie = (secret: string, seconds: number): string => write(OIDC, secret, 'Lax', seconds)
export const noOidcCookie = write(OIDC, '', 'Lax', 0)
