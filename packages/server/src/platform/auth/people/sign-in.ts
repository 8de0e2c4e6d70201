import { fail, ok, type Result } from '@hirundo/base'
import type { Language, SignInMethod, SignInStep } from '@hirundo/contract'
import type { Transaction } from 'kysely'
import { writeAudit } from '../../audit.ts'
import { DEFAULT_ORGANISATION, platformDb } from '../../db/tables.ts'
import type { RequestContext } from '../../module.ts'
import { describeAgent } from './agent.ts'
import { beginAttempt, takeAttempt, tryAttempt } from './attempts.ts'
import { knownCookie, readKnown, readSession } from './cookie.ts'
import type { Kit } from './kit.ts'
import { actorOf, canonicalName, personBySignInName, secretOf, setSecret, type Person } from './persons.ts'
import { hashRecoveryCode } from './recovery.ts'
import { cookieHeader, exchangeOf } from './request.ts'
import { hashSecret, makeSecret } from '../secret.ts'
import { cookieOf, startSession, type NewSession, type Session } from './sessions.ts'
import { totpStep } from './totp.ts'

export type SignedInPerson = Pick<Person, 'id' | 'organisation_id'>

/** Begins a session in `t`, ends the one whose cookie came along, and gives the browser the new cookie. */
export async function openSession(
  t: Transaction<unknown>, kit: Kit, context: RequestContext, fields: Omit<NewSession, 'agent'>,
): Promise<Session> {
  const before = readSession(cookieHeader(context))
  if (before !== undefined) await platformDb(t).deleteFrom('person_session').where('hash', '=', hashSecret(before)).execute()
  const { session, secret } = await startSession(t, kit, { ...fields, agent: describeAgent(context.headers['user-agent']) })
  exchangeOf(context).setCookie(cookieOf(kit, session, secret))
  return session
}

/** From now on no stranger behind the same address can keep this browser from beginning a sign-in: see `Limits.open`. */
function knowBrowser({ limits, world }: Kit, context: RequestContext): void {
  const before = readKnown(cookieHeader(context))
  const known = before !== undefined && limits.isKnown(before) ? before : makeSecret(world)
  limits.know(known)
  exchangeOf(context).setCookie(knownCookie(known))
}

/** A person has proved who they are: session, audit and limits. */
export async function signedIn(
  t: Transaction<unknown>, kit: Kit, context: RequestContext, person: SignedInPerson, method: SignInMethod, detail: Readonly<Record<string, unknown>> = {},
): Promise<Session> {
  knowBrowser(kit, context)
  const session = await openSession(t, kit, context, { person_id: person.id, purpose: 'full', method })
  await platformDb(t).updateTable('person').set({ last_sign_in_at: new Date(kit.world.now()) }).where('id', '=', person.id).execute()
  await writeAudit(t, kit.world, {
    organisation_id: person.organisation_id, actor: actorOf(person.id), action: 'session.start', subject: session.id, detail: { method, ...detail },
  })
  return session
}

/**
 * Audits a sign-in that was refused: by name when somebody has it, else at most once a minute with a count. Nobody waits
 * for it: the time that an answer takes would tell names that somebody has from others.
 */
export function auditRefusal(kit: Kit, person: SignedInPerson & { readonly sign_in_name: string } | undefined, step: string): void {
  const stranger = person ? undefined : kit.limits.strangers()
  if (!person && !stranger) return
  const written = writeAudit(kit.db, kit.world, {
    organisation_id: person?.organisation_id ?? DEFAULT_ORGANISATION, actor: 'system', action: 'session.refuse',
    subject: person ? actorOf(person.id) : 'unknown', detail: { step, ...(person ? { sign_in_name: person.sign_in_name } : { more: stranger!.more }) },
  })
  written.catch((error: unknown) => kit.log.warn({ reason: (error as Error).message }, 'a refused sign-in could not be audited'))
}

/** The emergency account: its password is all it has, and everybody is told. */
async function breakGlass(kit: Kit, context: RequestContext, person: Person): Promise<SignInStep> {
  await kit.db.transaction().execute(async (t) => {
    await setSecret(t, person.id, { password_used_at: new Date(kit.world.now()) })
    const session = await signedIn(t, kit, context, person, 'break-glass')
    await writeAudit(t, kit.world, {
      organisation_id: person.organisation_id, actor: actorOf(person.id), action: 'person.break-glass-use', subject: person.id, detail: { session: session.id },
    })
  })
  kit.log.warn({ actor_id: actorOf(person.id) }, 'the emergency account was used: find out why, then give it a new password')
  return { next: 'done', attempt: null }
}

/**
 * First step. Problems: `sign-in/refused` (unknown name, wrong password, nobody who may sign in so: one answer after the
 * same work), `request/rate-limited`, `node/unavailable`.
 */
export async function byPassword(kit: Kit, context: RequestContext, given: { sign_in_name: string; password: string }): Promise<Result<SignInStep>> {
  const { address } = exchangeOf(context)
  const account = canonicalName(given.sign_in_name)
  const guess = kit.limits.password(address, account)
  if (guess.wait_s > 0) return fail('request/rate-limited', { retry_after_s: guess.wait_s })
  const person = await personBySignInName(kit.db, account)
  const usable = person?.state === 'active' && (person.break_glass || person.totp_secret !== null)
  const right = await kit.passwords.verify(given.password, usable ? person.password_hash : undefined)
  if (right.ok && (!usable || !right.value)) {
    auditRefusal(kit, person, 'password')
    return fail('sign-in/refused')
  }
  guess.forgive()
  if (!right.ok) return right
  if (person!.break_glass) return ok(await breakGlass(kit, context, person!))
  return ok({ next: 'totp', attempt: await beginAttempt(kit, 'totp', { person_id: person!.id, data: {} }) })
}

/** Accepts a TOTP code of a step not used yet, or a recovery code, once; says which it was. */
export async function useCode(t: Transaction<unknown>, kit: Kit, person_id: string, code: string): Promise<'totp' | 'recovery code' | undefined> {
  const text = code.trim()
  if (!/^\d{6}$/.test(text)) {
    const used = await platformDb(t).deleteFrom('recovery_code').where('hash', '=', hashRecoveryCode(person_id, text)).returning('person_id').executeTakeFirst()
    return used && 'recovery code'
  }
  const secret = await secretOf(t, person_id)
  const step = secret?.totp_secret ? totpStep(secret.totp_secret, text, kit.world.now(), secret.totp_step) : undefined
  if (step === undefined) return undefined
  // Of two requests with one code, the second finds the step used.
  const used = await platformDb(t).updateTable('person_secret').set({ totp_step: step })
    .where('person_id', '=', person_id).where('totp_step', '<', step).returning('person_id').executeTakeFirst()
  return used && 'totp'
}

/** Second step. Problems: `sign-in/expired`, `sign-in/refused`, `request/rate-limited`. */
export async function byCode(kit: Kit, context: RequestContext, given: { attempt: string; code: string }): Promise<Result<SignInStep>> {
  const { address } = exchangeOf(context)
  const attempt = await tryAttempt(kit, 'totp', given.attempt)
  if (!attempt) return fail('sign-in/expired')
  const person = await platformDb(kit.db).selectFrom('person').selectAll().where('id', '=', attempt.person_id).executeTakeFirst()
  if (person?.state !== 'active') return fail('sign-in/refused')
  const guess = kit.limits.code(address, person.sign_in_name)
  if (guess.wait_s > 0) return fail('request/rate-limited', { retry_after_s: guess.wait_s })
  const done = await kit.db.transaction().execute(async (t) => {
    const kind = await useCode(t, kit, person.id, given.code)
    if (!kind || !(await takeAttempt(kit, t, 'totp', given.attempt))) return false
    await signedIn(t, kit, context, person, 'password', { code: kind })
    return true
  })
  if (done) {
    guess.forgive()
    kit.limits.succeeded(address, person.sign_in_name)
    return ok({ next: 'done', attempt: null })
  }
  auditRefusal(kit, person, 'code')
  return fail('sign-in/refused')
}

export type Profile = { readonly name: string; readonly language?: Language | undefined; readonly time_zone?: string | undefined }
