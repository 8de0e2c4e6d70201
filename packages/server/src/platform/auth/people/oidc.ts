import { fail, localPath, ok, type Result } from '@hirundo/base'
import { NOT_IN_NAMES, roles, type Role } from '@hirundo/contract'
import type { Transaction } from 'kysely'
import * as client from 'openid-client'
import { writeAudit } from '../../audit.ts'
import { DEFAULT_ORGANISATION, platformDb } from '../../db/tables.ts'
import type { RequestContext } from '../../module.ts'
import { hashSecret, makeSecret } from '../secret.ts'
import { ATTEMPT_MS, beginAttempt, takeAttempt } from './attempts.ts'
import { noOidcCookie, oidcCookie, readKnown, readOidc, readSession } from './cookie.ts'
import type { Kit } from './kit.ts'
import { keptSignInName, type Person } from './persons.ts'
import { cookieHeader, exchangeOf } from './request.ts'
import { endSessions } from './sessions.ts'
import { insertPerson } from './setup.ts'
import { auditRefusal, signedIn } from './sign-in.ts'

const CALLBACK = '/api/v1/session/oidc/callback'
const REQUEST_S_MAX = 10
const name_characters_max = 100

export interface OidcConfig {
  /** What people read on the button. */
  readonly name: string
  readonly issuer: string
  readonly client_id: string
  readonly client_secret: string
  readonly scope: string
  /** A person has the highest role of the lines that match their claims; with none they are not let in. */
  readonly roles: readonly { readonly claim: string; readonly value: string; readonly role: Role }[]
}

export interface OidcWanted {
  /** Ask for the password there even if signed in there. */
  readonly again?: boolean | undefined
  /** Where to lead afterwards: somebody else may have written it. */
  readonly next?: string | undefined
}
export interface OidcDone {
  readonly done: Result<null>
  /** A path of our own, if one was wanted. */
  readonly next: string | undefined
}

export interface Oidc {
  readonly name: string
  /** Leads to the identity provider. Problems: `oidc/unavailable`, `request/rate-limited`. */
  start(context: RequestContext, wanted: OidcWanted): Promise<Result<Record<string, never>>>
  /** Signs in who comes back from there. Problems: `sign-in/expired`, `sign-in/refused`, `oidc/unavailable`. */
  finish(context: RequestContext): Promise<OidcDone>
}

type Claims = Readonly<Record<string, unknown>>

/** The highest role that the claims give, or undefined. */
export function roleOf(config: Pick<OidcConfig, 'roles'>, claims: Claims): Role | undefined {
  const given = config.roles.filter(({ claim, value }) => {
    const has = claims[claim]
    return Array.isArray(has) ? has.includes(value) : has === value
  })
  return roles.findLast((role) => given.some((line) => line.role === role))
}

const unnameable = new RegExp(`[${NOT_IN_NAMES}]`, 'u')
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.isWellFormed() && !unnameable.test(value) && value.length <= 200 && value.length > 0 ? value : undefined

/** Claims without the address, when the provider has not verified it: anybody can claim any. */
function trusted({ email, ...others }: Claims): Claims {
  return others['email_verified'] === true ? { ...others, email } : others
}

/** A sign-in name: the verified address, else the subject at the issuer's host. */
function signInNameOf(claims: Claims, issuer: string, subject: string): string {
  const email = text(claims['email'])
  if (email !== undefined && keptSignInName(email).ok) return email
  return `${subject.normalize('NFKC').replace(/[\s@]/g, '_').slice(0, 100)}@${new URL(issuer).hostname}`
}

/** Who has no role at the provider any more is signed out everywhere, as soon as the node hears of it. */
async function endAll(t: Transaction<unknown>, { world }: Kit, { id, organisation_id }: Person): Promise<void> {
  const ended = await endSessions(t, id)
  if (ended > 0) await writeAudit(t, world, { organisation_id, actor: 'system', action: 'session.end-all', subject: id, detail: { by: 'oidc', ended } })
}

async function personOfClaims(t: Transaction<unknown>, kit: Kit, config: OidcConfig, subject: string, claims: Claims): Promise<Result<Person>> {
  const role = roleOf(config, claims)
  const { issuer } = config
  const known = await platformDb(t).selectFrom('person').selectAll().where('oidc_issuer', '=', issuer).where('oidc_subject', '=', subject).forUpdate().executeTakeFirst()
  if (known && role === undefined) await endAll(t, kit, known)
  if (role === undefined || (known && known.state !== 'active')) return fail('sign-in/refused')
  if (!known) {
    const sign_in_name = signInNameOf(claims, issuer, subject)
    const name = [...(text(claims['name']) ?? text(claims['preferred_username']) ?? sign_in_name)].slice(0, name_characters_max).join('')
    // Somebody who has this name already signs in otherwise: a claim of the provider does not make them one.
    const made = await insertPerson(t, kit.world, { name, sign_in_name, role, organisation_id: DEFAULT_ORGANISATION, created_by: 'system', state: 'active', oidc: { issuer, subject } })
    if (!made.ok) return fail('sign-in/refused')
    await writeAudit(t, kit.world, { organisation_id: DEFAULT_ORGANISATION, actor: 'system', action: 'person.create', subject: made.value.id, detail: { by: 'oidc', sign_in_name: made.value.sign_in_name, name, role } })
    return made
  }
  if (known.role !== role) {
    await platformDb(t).updateTable('person').set({ role }).where('id', '=', known.id).execute()
    await writeAudit(t, kit.world, { organisation_id: known.organisation_id, actor: 'system', action: 'person.set-role', subject: known.id, detail: { by: 'oidc', from: known.role, to: role } })
  }
  return ok(known)
}

/** Only the code: messages of the library may carry what the provider sent. */
const reasonOf = (error: unknown): string => String((error as { code?: unknown }).code ?? (error as Error).name)

/** Finds the provider's addresses when first needed, and again after a failure. */
function makeDiscovery(config: OidcConfig): () => Promise<client.Configuration> {
  let found: Promise<client.Configuration> | undefined
  const insecure = new URL(config.issuer).protocol === 'http:'
  const discover = () => client.discovery(new URL(config.issuer), config.client_id, config.client_secret, undefined, {
    timeout: REQUEST_S_MAX, ...(insecure ? { execute: [client.allowInsecureRequests] } : {}),
  })
  return () => {
    found ??= discover().catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }
}

interface Begun {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly again: boolean
  readonly next: string | null
  /** Hash of the cookie that a person had who signs in again, in base64url. */
  readonly session: string | null
}

/** Claims of who came back, by the code grant with PKCE, state and nonce. Throws what the library throws. */
async function claimsOf(provider: client.Configuration, url: URL, begun: Begun): Promise<{ subject: string; claims: Claims }> {
  const tokens = await client.authorizationCodeGrant(provider, url, {
    pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce, idTokenExpected: true,
    ...(begun.again ? { maxAge: ATTEMPT_MS / 1000 } : {}),
  })
  const claims = tokens.claims()!
  const more = provider.serverMetadata().userinfo_endpoint === undefined ? {} : await client.fetchUserInfo(provider, tokens.access_token, claims.sub)
  return { subject: claims.sub, claims: trusted({ ...more, ...claims }) }
}

/** Our own address with what the provider added to it. A request line may name any host, which is none of its business. */
const cameBackTo = (origin: string, url: string): URL => new URL(CALLBACK + (/\?[^#]*/.exec(url)?.[0] ?? ''), origin)

/** Signing in by an OpenID Connect provider (Core 1.0 section 3.1, RFC 7636). */
export function makeOidc(kit: Kit, config: OidcConfig): Oidc {
  const discover = makeDiscovery(config)
  const unavailable = (error: unknown) => {
    kit.log.warn({ reason: reasonOf(error) }, 'the identity provider could not be used')
    return fail('oidc/unavailable')
  }
  return {
    name: config.name,
    async start(context, { again = false, next }) {
      const { address, origin, setCookie, redirect } = exchangeOf(context)
      const wait = kit.limits.open(address, readKnown(cookieHeader(context)))
      if (wait > 0) return fail('request/rate-limited', { retry_after_s: wait })
      const provider = await discover().catch(unavailable)
      if ('ok' in provider) return provider
      const [state, nonce, verifier] = [makeSecret(kit.world), makeSecret(kit.world), makeSecret(kit.world)]
      const cookie = readSession(cookieHeader(context))
      const session = cookie === undefined ? null : hashSecret(cookie).toString('base64url')
      const attempt = await beginAttempt(kit, 'oidc', { person_id: null, data: { state, nonce, verifier, again, session, next: localPath(next) ?? null } satisfies Begun })
      setCookie(oidcCookie(attempt, ATTEMPT_MS / 1000))
      redirect(client.buildAuthorizationUrl(provider, {
        redirect_uri: origin + CALLBACK, scope: config.scope, state, nonce, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
        ...(again ? { prompt: 'login', max_age: '0' } : {}),
      }).href)
      return ok({})
    },
    async finish(context) {
      const { origin, url, setCookie } = exchangeOf(context)
      const secret = readOidc(cookieHeader(context))
      setCookie(noOidcCookie)
      const taken = secret === undefined ? undefined : await takeAttempt(kit, kit.db, 'oidc', secret)
      if (!taken) return { done: fail('sign-in/expired'), next: undefined }
      const begun = taken.data as unknown as Begun
      const next = localPath(begun.next)
      const provider = await discover().catch(unavailable)
      if ('ok' in provider) return { done: provider, next }
      const who = await claimsOf(provider, cameBackTo(origin, url), begun).catch((error: unknown) => {
        kit.log.warn({ reason: reasonOf(error) }, 'a sign-in by the identity provider failed')
        return undefined
      })
      const done = who ? await kit.db.transaction().execute(async (t): Promise<Result<null>> => {
        const person = await personOfClaims(t, kit, config, who.subject, who.claims)
        if (!person.ok) return person
        if (begun.session !== null) await platformDb(t).deleteFrom('person_session').where('hash', '=', Buffer.from(begun.session, 'base64url')).execute()
        await signedIn(t, kit, context, person.value, 'oidc')
        return ok(null)
      }) : fail('sign-in/refused')
      if (!done.ok) auditRefusal(kit, undefined, 'oidc')
      return { done, next }
    },
  }
}
