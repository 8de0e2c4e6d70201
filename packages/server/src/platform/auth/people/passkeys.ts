import { ok, fail, uuidToBytes, uuidV4, type Result, type Uuid } from '@hirundo/base'
import type * as contract from '@hirundo/contract'
import type { FactorsView, Input, SignInStep } from '@hirundo/contract'
import { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers'
import type { Kysely, Selectable } from 'kysely'
import { platformDb, type PlatformTables } from '../../db/tables.ts'
import type { RequestContext } from '../../module.ts'
import { ATTEMPT_MS, beginAttempt, takeAttempt } from './attempts.ts'
import { readKnown } from './cookie.ts'
import { auditFactor, factorsChanged, lockPerson } from './factors.ts'
import type { Kit } from './kit.ts'
import { factorsOf, passkeysOf, secretOf } from './persons.ts'
import { cookieHeader, exchangeOf, personOf } from './request.ts'
import { relyingParty } from './session-view.ts'
import { auditRefusal, signedIn } from './sign-in.ts'

const CHALLENGE_BYTES = 32
const passkeys_max = 20

type Assertion = Input<typeof contract.signInByPasskey>['body']
type Attestation = Input<typeof contract.addPasskey>['body']
type Options = { attempt: string; options: Record<string, unknown> }
/** What a challenge is bound to: where it was asked for is where the answer must come from. */
interface Challenge {
  readonly challenge: string
  readonly origin: string
  readonly rp_id: string
}

const unavailable = fail('factor/passkey-unavailable')
const asOptions = (options: object): Record<string, unknown> => JSON.parse(JSON.stringify(options)) as Record<string, unknown>

/** Begins a sign-in by whatever passkey the person chooses. Problems: `factor/passkey-unavailable`, `request/rate-limited`. */
export async function signInOptions(kit: Kit, context: RequestContext): Promise<Result<Options>> {
  const { origin, address } = exchangeOf(context)
  const rp_id = relyingParty(origin)
  if (rp_id === undefined) return unavailable
  const wait = kit.limits.open(address, readKnown(cookieHeader(context)))
  if (wait > 0) return fail('request/rate-limited', { retry_after_s: wait })
  const options = await generateAuthenticationOptions({
    rpID: rp_id, userVerification: 'required', timeout: ATTEMPT_MS, challenge: Uint8Array.from(kit.world.random(CHALLENGE_BYTES)),
  })
  const data = { challenge: options.challenge, origin, rp_id }
  return ok({ attempt: await beginAttempt(kit, 'passkey-sign-in', { person_id: null, data }), options: asOptions(options) })
}

type Passkey = Selectable<PlatformTables['passkey']>

const findPasskey = (db: Kysely<unknown>, credential_id: string) =>
  platformDb(db).selectFrom('passkey').innerJoin('person', 'person.id', 'passkey.person_id').selectAll('passkey')
    .select(['person.organisation_id', 'person.state', 'person.sign_in_name']).where('credential_id', '=', credential_id).executeTakeFirst()

/** The counter after a right answer; undefined when the answer proves nothing. */
async function verify(passkey: Passkey, { challenge, origin, rp_id }: Challenge, response: Assertion['response']): Promise<{ counter: number; synced: boolean } | undefined> {
  const { userHandle } = response.response
  const handle = isoBase64URL.fromBuffer(Uint8Array.from(uuidToBytes(passkey.person_id as Uuid)))
  if (userHandle !== undefined && userHandle.replace(/=+$/, '') !== handle) return undefined
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as never, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rp_id, requireUserVerification: true,
      credential: { id: passkey.credential_id, publicKey: Uint8Array.from(passkey.public_key), counter: passkey.counter },
    })
    return verified ? { counter: authenticationInfo.newCounter, synced: authenticationInfo.credentialBackedUp } : undefined
  } catch {
    // The library throws for every way in which an answer can be wrong.
    return undefined
  }
}

type Proof = { readonly passkey: NonNullable<Awaited<ReturnType<typeof findPasskey>>> }

/** Whose passkey answered the challenge of an attempt. Problems: `sign-in/expired`, `sign-in/refused`. */
export async function provePasskey(kit: Kit, { attempt, response }: Assertion): Promise<Result<Proof>> {
  const begun = await takeAttempt(kit, kit.db, 'passkey-sign-in', attempt)
  if (!begun) return fail('sign-in/expired')
  const passkey = await findPasskey(kit.db, response.id)
  const right = passkey && await verify(passkey, begun.data as unknown as Challenge, response)
  // Of two answers with one count only one is the authenticator's; it says 0 always or counts up.
  const used = right && await platformDb(kit.db).updateTable('passkey').set({ counter: right.counter, synced: right.synced, last_used_at: new Date(kit.world.now()) })
    .where('id', '=', passkey.id).where('counter', '=', passkey.counter).returning('id').executeTakeFirst()
  if (used && passkey.state === 'active') return ok({ passkey })
  auditRefusal(kit, passkey && { id: passkey.person_id, organisation_id: passkey.organisation_id, sign_in_name: passkey.sign_in_name }, 'passkey')
  return fail('sign-in/refused')
}

/** Problems: those of `provePasskey`. */
export async function byPasskey(kit: Kit, context: RequestContext, given: Assertion): Promise<Result<SignInStep>> {
  const proof = await provePasskey(kit, given)
  if (!proof.ok) return proof
  const { person_id, organisation_id, id, sign_in_name } = proof.value.passkey
  await kit.db.transaction().execute((t) => signedIn(t, kit, context, { id: person_id, organisation_id }, 'passkey', { passkey: id }))
  kit.limits.succeeded(exchangeOf(context).address, sign_in_name)
  return ok({ next: 'done', attempt: null })
}

/** Begins a registration. Problems: `factor/passkey-unavailable`, `factor/limit`, `auth/forbidden` (the emergency account). */
export async function registrationOptions(kit: Kit, context: RequestContext): Promise<Result<Options>> {
  const { person_id } = personOf(context)
  const { origin } = exchangeOf(context)
  const rp_id = relyingParty(origin)
  if (rp_id === undefined) return unavailable
  const person = await platformDb(kit.db).selectFrom('person').selectAll().where('id', '=', person_id).executeTakeFirstOrThrow()
  if (person.break_glass) return fail('auth/forbidden', { needs: 'persons.break-glass' })
  const known = await passkeysOf(kit.db, person_id)
  if (known.length >= passkeys_max) return fail('factor/limit', { passkeys_max })
  const options = await generateRegistrationOptions({
    rpName: 'Hirundo', rpID: rp_id, userName: person.sign_in_name, userDisplayName: person.name, userID: Uint8Array.from(uuidToBytes(person_id as Uuid)),
    challenge: Uint8Array.from(kit.world.random(CHALLENGE_BYTES)), timeout: ATTEMPT_MS, attestationType: 'none',
    excludeCredentials: known.map(({ credential_id, transports }) => ({ id: credential_id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  const data = { challenge: options.challenge, origin, rp_id }
  return ok({ attempt: await beginAttempt(kit, 'passkey-add', { person_id, data }), options: asOptions(options) })
}

/**
 * Whether an attestation says nothing of who made the authenticator: none, or signed by the new key itself (WebAuthn
 * section 5.1.3 leaves that one). Any other brings certificates, which we did not ask for and do not read.
 */
function bringsNoCertificate(attestationObject: string): boolean {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject))
  const format = decoded.get('fmt')
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined)
}

async function registered({ challenge, origin, rp_id }: Challenge, response: Attestation['response']) {
  try {
    if (!bringsNoCertificate(response.response.attestationObject)) return undefined
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as never, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rp_id, requireUserVerification: true,
    })
    return verified ? registrationInfo : undefined
  } catch {
    // As above: bytes of any kind can come in here.
    return undefined
  }
}

/** Problems: `sign-in/expired`, `factor/passkey-refused`, `factor/limit`. */
export async function addPasskey(kit: Kit, context: RequestContext, { attempt, name, response }: Attestation): Promise<Result<FactorsView>> {
  const actor = personOf(context)
  const begun = await takeAttempt(kit, kit.db, 'passkey-add', attempt)
  if (begun?.person_id !== actor.person_id) return fail('sign-in/expired')
  const made = await registered(begun.data as unknown as Challenge, response)
  if (!made) return fail('factor/passkey-refused')
  return kit.db.transaction().execute(async (t): Promise<Result<FactorsView>> => {
    await lockPerson(t, actor.person_id)
    if ((await passkeysOf(t, actor.person_id)).length >= passkeys_max) return fail('factor/limit', { passkeys_max })
    const id = uuidV4(kit.world)
    const row = await platformDb(t).insertInto('passkey').values({
      id, person_id: actor.person_id, credential_id: made.credential.id, public_key: Buffer.from(made.credential.publicKey), counter: made.credential.counter,
      transports: [...(response.response.transports ?? [])], name, synced: made.credentialBackedUp, created_at: new Date(kit.world.now()), last_used_at: null,
    }).onConflict((conflict) => conflict.column('credential_id').doNothing()).returning('id').executeTakeFirst()
    if (!row) return fail('factor/passkey-refused')
    await auditFactor(t, kit, actor, 'add-passkey', { passkey: id, name })
    await factorsChanged(t, kit, context, { end_others: false })
    return ok(await factorsOf(t, actor.person_id))
  })
}

/** Problem: `factor/not-found`. */
export function renamePasskey(kit: Kit, context: RequestContext, id: string, name: string): Promise<Result<FactorsView>> {
  const actor = personOf(context)
  return kit.db.transaction().execute(async (t): Promise<Result<FactorsView>> => {
    const done = await platformDb(t).updateTable('passkey').set({ name }).where('id', '=', id).where('person_id', '=', actor.person_id).returning('id').executeTakeFirst()
    if (!done) return fail('factor/not-found')
    await auditFactor(t, kit, actor, 'rename-passkey', { passkey: id, name })
    return ok(await factorsOf(t, actor.person_id))
  })
}

/** Problems: `factor/not-found`, `factor/last`. */
export function removePasskey(kit: Kit, context: RequestContext, id: string): Promise<Result<FactorsView>> {
  const actor = personOf(context)
  return kit.db.transaction().execute(async (t): Promise<Result<FactorsView>> => {
    await lockPerson(t, actor.person_id)
    const all = await passkeysOf(t, actor.person_id)
    if (!all.some((passkey) => passkey.id === id)) return fail('factor/not-found')
    if (all.length === 1 && !(await secretOf(t, actor.person_id))?.totp_secret) return fail('factor/last')
    await platformDb(t).deleteFrom('passkey').where('id', '=', id).execute()
    await auditFactor(t, kit, actor, 'remove-passkey', { passkey: id })
    await factorsChanged(t, kit, context, { end_others: true })
    return ok(await factorsOf(t, actor.person_id))
  })
}
