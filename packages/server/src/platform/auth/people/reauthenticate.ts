import { fail, ok, type Result } from '@hirundo/base'
import type * as contract from '@hirundo/contract'
import type { Input } from '@hirundo/contract'
import type { Transaction } from 'kysely'
import { writeAudit } from '../../audit.ts'
import { platformDb } from '../../db/tables.ts'
import type { RequestContext } from '../../module.ts'
import type { Kit } from './kit.ts'
import { provePasskey } from './passkeys.ts'
import { personBySignInName, setSecret } from './persons.ts'
import { exchangeOf, personOf } from './request.ts'
import { cookieOf, rotateSession, type Session } from './sessions.ts'
import { auditRefusal, useCode } from './sign-in.ts'

/** The session counts as begun now for operations with `step_up`, and its cookie changes. Problem: `sign-in/expired`. */
async function refresh(t: Transaction<unknown>, kit: Kit, context: RequestContext, method: string): Promise<Result<Session>> {
  const { session_id, organisation_id, actor_id } = personOf(context)
  const session = await platformDb(t).updateTable('person_session').set({ authenticated_at: new Date(kit.world.now()) })
    .where('id', '=', session_id).returningAll().executeTakeFirst()
  const secret = session && await rotateSession(t, kit, session)
  if (!session || secret === undefined) return fail('sign-in/expired')
  exchangeOf(context).setCookie(cookieOf(kit, session, secret))
  await writeAudit(t, kit.world, { organisation_id, actor: actor_id, action: 'session.reauthenticate', subject: session_id, detail: { method } })
  return ok(session)
}

/** Problems: `sign-in/refused`, `request/rate-limited`, `node/unavailable`. */
export async function againByPassword(kit: Kit, context: RequestContext, given: Input<typeof contract.reauthenticate>['body']): Promise<Result<Session>> {
  const { person_id } = personOf(context)
  const { address } = exchangeOf(context)
  const { sign_in_name } = await platformDb(kit.db).selectFrom('person').select('sign_in_name').where('id', '=', person_id).executeTakeFirstOrThrow()
  const guesses = { password: kit.limits.password(address, sign_in_name), code: kit.limits.code(address, sign_in_name) }
  const wait = Math.max(guesses.password.wait_s, guesses.code.wait_s)
  if (wait > 0) {
    guesses.password.forgive()
    guesses.code.forgive()
    return fail('request/rate-limited', { retry_after_s: wait })
  }
  const person = await personBySignInName(kit.db, sign_in_name)
  const right = await kit.passwords.verify(given.password, person?.password_hash)
  if (!right.ok || right.value) guesses.password.forgive()
  if (!right.ok || !right.value) guesses.code.forgive()
  if (!right.ok) return right
  const done = right.value && person ? await kit.db.transaction().execute(async (t): Promise<Result<Session>> => {
    if (person.break_glass) await setSecret(t, person_id, { password_used_at: new Date(kit.world.now()) })
    else if (given.code === undefined || !(await useCode(t, kit, person_id, given.code))) return fail('sign-in/refused')
    return refresh(t, kit, context, 'password')
  }) : fail('sign-in/refused')
  if (done.ok || done.problem.code !== 'sign-in/refused') {
    guesses.code.forgive()
    return done
  }
  auditRefusal(kit, person, 'reauthenticate')
  return done
}

/** Problems: those of `provePasskey`; the passkey of another person is refused too. */
export async function againByPasskey(kit: Kit, context: RequestContext, given: Input<typeof contract.reauthenticateByPasskey>['body']): Promise<Result<Session>> {
  const proof = await provePasskey(kit, given)
  if (!proof.ok) return proof
  if (proof.value.passkey.person_id !== personOf(context).person_id) return fail('sign-in/refused')
  return kit.db.transaction().execute((t) => refresh(t, kit, context, 'passkey'))
}
