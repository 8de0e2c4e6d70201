import { fail, ok, type Result } from '@hirundo/base'
import type { FactorsView } from '@hirundo/contract'
import type { Transaction } from 'kysely'
import { writeAudit } from '../../audit.ts'
import { platformDb } from '../../db/tables.ts'
import type { RequestContext } from '../../module.ts'
import type { Kit } from './kit.ts'
import { useLinks } from './links.ts'
import { checkPassword } from './password.ts'
import { factorsOf, passkeysOf, secretOf, setSecret } from './persons.ts'
import { hashRecoveryCode, makeRecoveryCodes } from './recovery.ts'
import { exchangeOf, personOf, type PersonActor } from './request.ts'
import { cookieOf, endSessions, rotateSession } from './sessions.ts'
import { sessionEnd } from './session-rules.ts'
import { describeTotp, makeTotpSecret, totpStep } from './totp.ts'

const at = (kit: Kit) => new Date(kit.world.now())

/** Writes what happened to a person's factors. */
export const auditFactor = (t: Transaction<unknown>, { world }: Kit, actor: PersonActor, verb: string, detail: Readonly<Record<string, unknown>> = {}) =>
  writeAudit(t, world, { organisation_id: actor.organisation_id, actor: actor.actor_id, action: `factor.${verb}`, subject: actor.person_id, detail })

/**
 * After a change of factors: this session gets another cookie, sign-ins under way end, the person's other sessions too
 * where something was replaced or removed. An enrolment that has all it needs becomes a full session, and its link ends.
 */
export async function factorsChanged(t: Transaction<unknown>, kit: Kit, context: RequestContext, { end_others }: { readonly end_others: boolean }): Promise<void> {
  const { person_id, session_id, organisation_id, actor_id } = personOf(context)
  await platformDb(t).deleteFrom('sign_in_attempt').where('person_id', '=', person_id).execute()
  if (end_others) await endSessions(t, person_id, session_id)
  const secret = await secretOf(t, person_id)
  const complete = secret?.totp_secret != null || (await passkeysOf(t, person_id)).length > 0
  const sessions = () => platformDb(t).updateTable('person_session').where('id', '=', session_id)
  const enrolled = complete
    ? await platformDb(t).updateTable('person').set({ state: 'active', last_sign_in_at: at(kit) }).where('id', '=', person_id).where('state', '=', 'invited').returning('id').executeTakeFirst()
    : undefined
  if (enrolled) {
    await sessions().set({ purpose: 'full', authenticated_at: at(kit), expires_at: new Date(sessionEnd(kit.world.now(), 'full', kit.bounds)) }).execute()
    await useLinks(t, person_id)
    await writeAudit(t, kit.world, { organisation_id, actor: actor_id, action: 'person.enrol', subject: person_id, detail: {} })
  }
  const session = await platformDb(t).selectFrom('person_session').selectAll().where('id', '=', session_id).forUpdate().executeTakeFirst()
  const cookie = session && await rotateSession(t, kit, session)
  if (cookie !== undefined) exchangeOf(context).setCookie(cookieOf(kit, session!, cookie))
}

/** Problems: `factor/password-weak`, `node/unavailable`, `auth/forbidden` (the emergency account). */
export async function setPassword(kit: Kit, context: RequestContext, password: string): Promise<Result<FactorsView>> {
  const actor = personOf(context)
  const person = await platformDb(kit.db).selectFrom('person').selectAll().where('id', '=', actor.person_id).executeTakeFirstOrThrow()
  if (person.break_glass) return fail('auth/forbidden', { needs: 'persons.break-glass' })
  const good = checkPassword(password, person.sign_in_name)
  if (!good.ok) return good
  const hash = await kit.passwords.hash(password)
  if (!hash.ok) return hash
  return kit.db.transaction().execute(async (t) => {
    await setSecret(t, actor.person_id, { password_hash: hash.value, password_changed_at: at(kit) })
    await auditFactor(t, kit, actor, 'set-password')
    await factorsChanged(t, kit, context, { end_others: true })
    return ok(await factorsOf(t, actor.person_id))
  })
}

/** Removes password, TOTP and recovery codes together. Problem: `factor/last`. */
export function removePassword(kit: Kit, context: RequestContext): Promise<Result<FactorsView>> {
  const actor = personOf(context)
  return kit.db.transaction().execute(async (t) => {
    await lockPerson(t, actor.person_id)
    if ((await passkeysOf(t, actor.person_id)).length === 0) return fail('factor/last')
    await platformDb(t).deleteFrom('person_secret').where('person_id', '=', actor.person_id).execute()
    await platformDb(t).deleteFrom('recovery_code').where('person_id', '=', actor.person_id).execute()
    await auditFactor(t, kit, actor, 'remove-password')
    await factorsChanged(t, kit, context, { end_others: true })
    return ok(await factorsOf(t, actor.person_id))
  })
}

/** Two removals at once could each see the other's factor as the one that remains. */
export const lockPerson = (t: Transaction<unknown>, person_id: string) =>
  platformDb(t).selectFrom('person').select('id').where('id', '=', person_id).forUpdate().execute()

/** A TOTP secret that waits for its first code; one in force stays so until then. Problem: `factor/password-missing`. */
export async function beginTotp(kit: Kit, context: RequestContext): Promise<Result<{ secret: string; uri: string }>> {
  const { person_id } = personOf(context)
  const person = await platformDb(kit.db).selectFrom('person').select(['sign_in_name', 'break_glass']).where('id', '=', person_id).executeTakeFirstOrThrow()
  if (person.break_glass || !(await secretOf(kit.db, person_id))?.password_hash) return fail('factor/password-missing')
  const pending = makeTotpSecret(kit.world)
  await setSecret(kit.db, person_id, { totp_pending: pending })
  return ok(describeTotp(pending, new URL(exchangeOf(context).origin).hostname, person.sign_in_name))
}

async function replaceRecoveryCodes(t: Transaction<unknown>, kit: Kit, person_id: string): Promise<string[]> {
  const codes = makeRecoveryCodes(kit.world)
  await platformDb(t).deleteFrom('recovery_code').where('person_id', '=', person_id).execute()
  await platformDb(t).insertInto('recovery_code').values(codes.map((code) => ({ person_id, hash: hashRecoveryCode(person_id, code) }))).execute()
  return codes
}

/** Puts the waiting secret in force. Problems: `factor/code-wrong`, `request/rate-limited`. */
export async function confirmTotp(kit: Kit, context: RequestContext, code: string): Promise<Result<{ recovery_codes: string[]; factors: FactorsView }>> {
  const actor = personOf(context)
  return kit.db.transaction().execute(async (t) => {
    const pending = (await secretOf(t, actor.person_id))?.totp_pending
    const step = pending ? totpStep(pending, code, kit.world.now(), 0) : undefined
    if (!pending || step === undefined) return fail('factor/code-wrong')
    await setSecret(t, actor.person_id, { totp_secret: pending, totp_pending: null, totp_confirmed_at: at(kit), totp_step: step })
    const recovery_codes = await replaceRecoveryCodes(t, kit, actor.person_id)
    await auditFactor(t, kit, actor, 'set-totp')
    await factorsChanged(t, kit, context, { end_others: true })
    return ok({ recovery_codes, factors: await factorsOf(t, actor.person_id) })
  })
}

/** Problem: `factor/totp-missing`. */
export async function renewRecoveryCodes(kit: Kit, context: RequestContext): Promise<Result<{ recovery_codes: string[]; factors: FactorsView }>> {
  const actor = personOf(context)
  return kit.db.transaction().execute(async (t) => {
    if (!(await secretOf(t, actor.person_id))?.totp_secret) return fail('factor/totp-missing')
    const recovery_codes = await replaceRecoveryCodes(t, kit, actor.person_id)
    await auditFactor(t, kit, actor, 'renew-recovery-codes')
    await factorsChanged(t, kit, context, { end_others: false })
    return ok({ recovery_codes, factors: await factorsOf(t, actor.person_id) })
  })
}
