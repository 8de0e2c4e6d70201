import { apiClient, beginTotp, confirmTotp, setPassword, setup, type ApiClient } from '@hirundo/contract'
import { realWorld } from '@hirundo/base'
import { answerOf } from './node-process.ts'
import { totpCode } from './totp.ts'

export interface Cookie {
  readonly name: string
  readonly value: string
}

/** A signed-in person outside any browser. */
export interface Administrator {
  readonly name: string
  readonly sign_in_name: string
  readonly password: string
  /** Base 32. */
  readonly totp_secret: string
  /** Each stands in once for a code of the app. */
  readonly recovery_codes: readonly string[]
  readonly client: ApiClient
  /** Of the session as it is now: it is rotated at every change of a factor. */
  readonly cookie: () => Cookie
  /** Takes the cookie that a browser with the same session was given in its place: the node gives a new one every quarter of an hour. */
  readonly keep: (cookie: Cookie) => void
}

/** Of a header `Set-Cookie`. */
export function cookieOf(text: string): Cookie {
  const [pair = ''] = text.split(';')
  const at = pair.indexOf('=')
  return { name: pair.slice(0, at), value: pair.slice(at + 1) }
}

/** fetch that keeps the one cookie of a session, and says what a page of the node itself would say. */
function sessionFetch(jar: { cookie?: Cookie }): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('sec-fetch-site', 'same-origin')
    if (jar.cookie) headers.set('cookie', `${jar.cookie.name}=${jar.cookie.value}`)
    const response = await fetch(input, { ...init, headers })
    for (const text of response.headers.getSetCookie()) jar.cookie = cookieOf(text)
    return response
  }
}

export interface NewAdministrator {
  readonly name: string
  readonly sign_in_name: string
  readonly password: string
  /** IANA name. */
  readonly time_zone: string
}

const hoshino: NewAdministrator = { name: 'Mira Hoshino', sign_in_name: 'mira@example.org', password: 'five swallows over the harbour', time_zone: 'Asia/Tokyo' }

/**
 * Makes the first administrator by the secret of the one-time link, with a password and TOTP, and stays signed in.
 * `behind_ms`: how far the node's clock is behind.
 */
export async function makeAdministrator(url: string, secret: string, who: NewAdministrator = hoshino, behind_ms = 0): Promise<Administrator> {
  const jar: { cookie?: Cookie } = {}
  const client = apiClient({ url, fetch: sessionFetch(jar) })
  const { password, ...profile } = who
  answerOf(await client.call(setup, { body: { secret, language: 'en', ...profile } }))
  answerOf(await client.call(setPassword, { body: { password } }))
  const totp = answerOf(await client.call(beginTotp, {}))
  const { recovery_codes } = answerOf(await client.call(confirmTotp, { body: { code: totpCode(totp.secret, realWorld.now() - behind_ms) } }))
  return {
    ...who, totp_secret: totp.secret, recovery_codes, client,
    cookie() {
      if (!jar.cookie) throw new Error('the node set no cookie')
      return jar.cookie
    },
    keep(cookie) {
      jar.cookie = cookie
    },
  }
}
