import { fail, ok } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { writeAudit } from '../../audit.ts'
import { platformDb } from '../../db/tables.ts'
import { handle, type Handler, type RequestContext } from '../../module.ts'
import { noSessionCookie } from './cookie.ts'
import * as factors from './factors.ts'
import type { Kit } from './kit.ts'
import { actorOf, factorsOf, personView } from './persons.ts'
import { exchangeOf, personOf } from './request.ts'
import { endOneSession, endSession, endSessions, listSessions, type Session } from './sessions.ts'
import { sessionOf, viewSession, type SignInWays } from './session-view.ts'
import { checkTimeZone, redeemInvitation, redeemSetup } from './setup.ts'
import { byCode, byPassword } from './sign-in.ts'

async function signOut(kit: Kit, context: RequestContext): Promise<void> {
  exchangeOf(context).setCookie(noSessionCookie)
  const session = await sessionOf(kit, context)
  if (!session) return
  await kit.db.transaction().execute(async (t) => {
    await endSession(t, session.id)
    const { organisation_id } = await platformDb(t).selectFrom('person').select('organisation_id').where('id', '=', session.person_id).executeTakeFirstOrThrow()
    await writeAudit(t, kit.world, { organisation_id, actor: actorOf(session.person_id), action: 'session.end', subject: session.id, detail: {} })
  })
}

/** Signing in and out, and the links that begin an enrolment. */
function sessionHandlers(kit: Kit, ways: SignInWays): readonly Handler[] {
  const view = async (context: RequestContext, session: Session | undefined) => ok(await viewSession(kit, context, ways, session))
  return [
    handle(contract.getSession, async (_, context) => view(context, await sessionOf(kit, context))),
    handle(contract.signInByPassword, ({ body }, context) => byPassword(kit, context, body)),
    handle(contract.signInByTotp, ({ body }, context) => byCode(kit, context, body)),
    handle(contract.signOut, async (_, context) => {
      await signOut(kit, context)
      return ok({})
    }),
    handle(contract.setup, async ({ body }, context) => {
      const session = await redeemSetup(kit, context, body)
      return session.ok ? view(context, session.value) : session
    }),
    handle(contract.acceptInvitation, async ({ body }, context) => {
      const session = await redeemInvitation(kit, context, body.secret)
      return session.ok ? view(context, session.value) : session
    }),
  ]
}

/** What a person changes of their own. */
function profileHandlers(kit: Kit): readonly Handler[] {
  const { db, world } = kit
  const sessions = async (context: RequestContext) => {
    const { person_id, session_id } = personOf(context)
    return ok({ sessions: await listSessions(kit, person_id, session_id) })
  }
  const audited = async (context: RequestContext, action: string, subject: string, change: (t: Kysely<unknown>) => Promise<Readonly<Record<string, unknown>> | undefined>) =>
    db.transaction().execute(async (t) => {
      const detail = await change(t)
      if (!detail) return false
      const { organisation_id, actor_id } = personOf(context)
      await writeAudit(t, world, { organisation_id, actor: actor_id, action, subject, detail })
      return true
    })
  return [
    handle(contract.updateMe, async ({ body }, context) => {
      const zone = checkTimeZone(body.time_zone)
      if (!zone.ok) return zone
      const { person_id } = personOf(context)
      await audited(context, 'person.update', person_id, async (t) => {
        await platformDb(t).updateTable('person').set(body).where('id', '=', person_id).execute()
        return { ...body }
      })
      return ok(await personView(db, person_id))
    }),
    handle(contract.listMySessions, (_, context) => sessions(context)),
    handle(contract.endMySession, async ({ params }, context) => {
      const done = await audited(context, 'session.end', params.id, async (t) =>
        (await endOneSession(t, personOf(context).person_id, params.id)).ok ? {} : undefined)
      return done ? sessions(context) : fail('session/not-found')
    }),
    handle(contract.endMySessions, async (_, context) => {
      const { person_id, session_id } = personOf(context)
      await audited(context, 'session.end-others', person_id, async (t) => ({ ended: await endSessions(t, person_id, session_id) }))
      return sessions(context)
    }),
  ]
}

const factorHandlers = (kit: Kit): readonly Handler[] => [
  handle(contract.getFactors, async (_, context) => ok(await factorsOf(kit.db, personOf(context).person_id))),
  handle(contract.setPassword, ({ body }, context) => factors.setPassword(kit, context, body.password)),
  handle(contract.removePassword, (_, context) => factors.removePassword(kit, context)),
  handle(contract.beginTotp, (_, context) => factors.beginTotp(kit, context)),
  handle(contract.confirmTotp, ({ body }, context) => factors.confirmTotp(kit, context, body.code)),
  handle(contract.renewRecoveryCodes, (_, context) => factors.renewRecoveryCodes(kit, context)),
]

/** Persons: how they sign in, what they hold, who they are. */
export const peopleHandlers = (kit: Kit, ways: SignInWays): readonly Handler[] =>
  [...sessionHandlers(kit, ways), ...profileHandlers(kit), ...factorHandlers(kit)]
