import { apiClient, beginTotp, confirmTotp, setPassword, setup, type ApiClient } from '@hirundo/contract'
import { realWorld } from '@hirundo/base'
import { answerOf } from '../constellation/node-process.ts'
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
  readonly client: ApiClient
  /** Of the session as it is now: it is rotated at every change of a factor. */
  readonly cookie: () => Cookie
}

/** fetch that keeps the one cookie of a session, and says what a page of the node itself would say. */
function sessionFetch(jar: { cookie?: Cookie }): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('sec-fetch-site', 'same-origin')
    if (jar.cookie) headers.set('cookie', `${jar.cookie.name}=${jar.cookie.value}`)
    const response = await fetch(input, { ...init, headers })
    for (const text of response.headers.getSetCookie()) {
      const [pair = ''] = text.split(';')
      const at = pair.indexOf('=')
      jar.cookie = { name: pair.slice(0, at), value: pair.slice(at + 1) }
    }
    return response
  }
}

const profile = { name: 'Mira Hoshino', time_zone: 'Asia/Tokyo' } as const

/** Makes the first administrator by the secret of the one-time link, with a password and TOTP, and stays signed in. */
export async function makeAdministrator(url: string, secret: string): Promise<Administrator> {
  const jar: { cookie?: Cookie } = {}
  const client = apiClient({ url, fetch: sessionFetch(jar) })
  const sign_in_name = 'mira@example.org'
  const password = 'five swallows over the harbour'
  answerOf(await client.call(setup, { body: { secret, sign_in_name, language: 'en', ...profile } }))
  answerOf(await client.call(setPassword, { body: { password } }))
  const totp = answerOf(await client.call(beginTotp, {}))
  answerOf(await client.call(confirmTotp, { body: { code: totpCode(totp.secret, realWorld.now()) } }))
  return {
    name: profile.name, sign_in_name, password, totp_secret: totp.secret, client,
    cookie() {
      if (!jar.cookie) throw new Error('the node set no cookie')
      return jar.cookie
    },
  }
}
