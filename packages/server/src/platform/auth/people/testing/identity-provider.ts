import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

/** What the provider says of each login; tests change it. */
export type Accounts = Map<string, Record<string, unknown>>

export interface IdentityProvider {
  readonly issuer: string
  readonly accounts: Accounts
  /** Where `login` is led after signing in there, from the address that the node led to. */
  follow(location: string, login: string): Promise<string>
  stop(): Promise<void>
}

/** Cookies of one login and the steps of the provider's own pages. */
async function walk(start: string, login: string, callback: string): Promise<string> {
  const cookies = new Map<string, string>()
  let [url, form] = [start, undefined as string | undefined]
  for (let steps = 0; steps < 20; steps++) {
    const answer: Response = await fetch(url, {
      redirect: 'manual', method: form === undefined ? 'GET' : 'POST',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form === undefined ? {} : { body: form }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      cookies.set(name!, value!)
    }
    const location = answer.headers.get('location')
    form = undefined
    if (location !== null) {
      url = new URL(location, url).href
      if (url.startsWith(callback)) return url
    } else {
      const page = await answer.text()
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? []
      if (prompt === undefined) throw new Error(`the provider answered ${answer.status}: ${page.slice(0, 500)}`)
      url = new URL(/action="([^"]+)"/.exec(page)![1]!, url).href
      form = `prompt=${prompt}&login=${login}&password=x`
    }
  }
  throw new Error('the provider leads nowhere')
}

/** A real OpenID Connect provider on the loopback, with one client. */
export async function startIdentityProvider(origin: string, client: { readonly client_id: string; readonly client_secret: string }): Promise<IdentityProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const callback = `${origin}/api/v1/session/oidc/callback`
  const accounts: Accounts = new Map()
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [callback], grant_types: ['authorization_code'], response_types: ['code'] }],
    cookies: { keys: ['test'] },
    claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) }),
    pkce: { required: () => true },
  })
  server.on('request', provider.callback())
  return {
    issuer, accounts,
    follow: (location, login) => walk(location, login, callback),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
