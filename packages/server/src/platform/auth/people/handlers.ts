import { fail, ok, type Result } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { writeAudit } from '../../audit.ts'
import { platformDb } from '../../db/tables.ts'
import { handle, type Handler, type RequestContext } from '../../module.ts'
import * as admin from './admin.ts'
import { noSessionCookie } from './cookie.ts'
import * as factors from './factors.ts'
import type { Kit } from './kit.ts'
import type { Oidc } from './oidc.ts'
import * as passkeys from './passkeys.ts'
import { actorOf, factorsOf, personView } from './persons.ts'
import { againByPasskey, againByPassword } from './reauthenticate.ts'
import { exchangeOf, personOf } from './request.ts'
import { endOneSession, endSession, endSessions, listSessions, type Session } from './sessions.ts'
import { sessionOf, viewSession } from './session-view.ts'
import { checkTimeZone, redeemInvitation, redeemSetup } from './setup.ts'
import { byCode, byPassword } from './sign-in.ts'

async function signOut(kit: Kit, context: RequestContext): Promise<void> {
  const session = await sessionOf(kit, context)
  exchangeOf(context).setCookie(noSessionCookie)
  if (!session) return
  await kit.db.transaction().execute(async (t) => {
    await endSession(t, session.id)
    const { organisation_id } = await platformDb(t).selectFrom('person').select('organisation_id').where('id', '=', session.person_id).executeTakeFirstOrThrow()
    await writeAudit(t, kit.world, { organisation_id, actor: actorOf(session.person_id), action: 'session.end', subject: session.id, detail: {} })
  })
}

/** Signing in and out, and the links that begin an enrolment. */
function sessionHandlers(kit: Kit, oidc: Oidc | undefined): readonly Handler[] {
  const view = async (context: RequestContext, session: Session | undefined) => ok(await viewSession(kit, context, oidc?.name ?? null, session))
  const viewed = async (context: RequestContext, session: Result<Session>) => (session.ok ? view(context, session.value) : session)
  return [
    handle(contract.getSession, async (_, context) => view(context, await sessionOf(kit, context))),
    handle(contract.signInByPassword, ({ body }, context) => byPassword(kit, context, body)),
    handle(contract.signInByTotp, ({ body }, context) => byCode(kit, context, body)),
    handle(contract.signOut, async (_, context) => {
      await signOut(kit, context)
      return ok({})
    }),
    handle(contract.passkeySignInOptions, (_, context) => passkeys.signInOptions(kit, context)),
    handle(contract.signInByPasskey, ({ body }, context) => passkeys.byPasskey(kit, context, body)),
    handle(contract.reauthenticate, async ({ body }, context) => viewed(context, await againByPassword(kit, context, body))),
    handle(contract.reauthenticateByPasskey, async ({ body }, context) => viewed(context, await againByPasskey(kit, context, body))),
    handle(contract.startOidc, async ({ query }, context) => (oidc ? oidc.start(context, query) : fail('oidc/unavailable'))),
    handle(contract.finishOidc, async (_, context) => {
      const { done, next } = oidc ? await oidc.finish(context) : { done: fail('oidc/unavailable'), next: undefined }
      const back = next === undefined ? '' : `&next=${encodeURIComponent(next)}`
      exchangeOf(context).redirect(done.ok ? next ?? '/' : `/sign-in?problem=${done.problem.code}${back}`)
      return ok({})
    }),
    handle(contract.setup, async ({ body }, context) => viewed(context, await redeemSetup(kit, context, body))),
    handle(contract.acceptInvitation, async ({ body }, context) => viewed(context, await redeemInvitation(kit, context, body.secret))),
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

const passkeyHandlers = (kit: Kit): readonly Handler[] => [
  handle(contract.passkeyOptions, (_, context) => passkeys.registrationOptions(kit, context)),
  handle(contract.addPasskey, ({ body }, context) => passkeys.addPasskey(kit, context, body)),
  handle(contract.renamePasskey, ({ params, body }, context) => passkeys.renamePasskey(kit, context, params.id, body.name)),
  handle(contract.removePasskey, ({ params }, context) => passkeys.removePasskey(kit, context, params.id)),
]

/** What administrators decide on others. */
function adminHandlers(kit: Kit): readonly Handler[] {
  const sessions = async (id: string, context: RequestContext) => ok({ sessions: await listSessions(kit, id, context.actor!.session_id) })
  const ended = async (context: RequestContext, id: string, session_id?: string) => {
    const done = await admin.endSessionsOf(kit, context.actor!, id, session_id)
    return done.ok ? sessions(id, context) : done
  }
  return [
    handle(contract.listPersons, ({ query }, { actor }) => admin.listPersons(kit, actor!, query)),
    handle(contract.invitePerson, ({ body }, context) => admin.invitePerson(kit, context.actor!, exchangeOf(context).origin, body)),
    handle(contract.reinvitePerson, ({ params }, context) => admin.reinvitePerson(kit, context.actor!, exchangeOf(context).origin, params.id)),
    handle(contract.setPersonRole, ({ params, body }, { actor }) => admin.setRole(kit, actor!, params.id, body.role)),
    handle(contract.setPersonState, ({ params, body }, { actor }) => admin.setState(kit, actor!, params.id, body.state)),
    handle(contract.listPersonSessions, async ({ params }, context) => {
      const person = await admin.personExists(kit, context.actor!, params.id)
      return person.ok ? sessions(params.id, context) : person
    }),
    handle(contract.endPersonSession, ({ params }, context) => ended(context, params.id, params.session_id)),
    handle(contract.endPersonSessions, ({ params }, context) => ended(context, params.id)),
    handle(contract.renewBreakGlass, (_, { actor }) => admin.renewBreakGlass(kit, actor!)),
    handle(contract.makeSetupLink, (_, context) => admin.setupLinkFor(kit, context.actor!, exchangeOf(context).origin)),
  ]
}

/** Persons: how they sign in, what they hold, who they are. `oidc` when an identity provider is configured. */
export const peopleHandlers = (kit: Kit, oidc?: Oidc): readonly Handler[] =>
  [...sessionHandlers(kit, oidc), ...profileHandlers(kit), ...factorHandlers(kit), ...passkeyHandlers(kit), ...adminHandlers(kit)]
