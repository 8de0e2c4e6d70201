import { fail, ok, type Result } from '@hirundo/base'
import { scopesOfRole, roles, type Change, type FindingState, type FindingView, type Input, type setFindingState, type Tlp } from '@hirundo/contract'
import type { Kysely, Updateable } from 'kysely'
import { platformDb } from '../../../platform/db/tables.ts'
import type { Actor, Platform } from '../../../platform/module.ts'
import { isSettled, moved, type Judged, type Move } from '../model.ts'
import { findingDb, type FindingTables } from '../tables.ts'
import type { BulletinNote } from '../bulletins/tools.ts'
import { viewOf, type ViewTools } from './get.ts'
import { keptText } from './subject.ts'

export type CommandTools = ViewTools & Pick<Platform, 'audit'>
type Db = Kysely<unknown>
type Locked = NonNullable<Awaited<ReturnType<typeof locked>>>

const text_chars_max = 4000
const columns = ['id', 'uuid', 'organisation_id', 'kind', 'state', 'verdict', 'dismissal', 'severity', 'end_at', 'owner_id', 'tlp', 'merged_into'] as const

/** The finding of an id, or the one that it turned out to be part of; nobody else changes it until the transaction ends. */
async function locked(t: Db, organisation_id: number, uuid: string) {
  const find = () => findingDb(t).selectFrom('finding').select(columns).where('organisation_id', '=', organisation_id).forUpdate()
  const first = await find().where('uuid', '=', uuid).executeTakeFirst()
  return first?.merged_into ? find().where('id', '=', first.merged_into).executeTakeFirst() : first
}

interface Done {
  readonly set: Updateable<FindingTables['finding']>
  readonly change: Pick<Change, 'what' | 'from' | 'to' | 'text'> & { readonly what: FindingTables['finding_change']['what'] }
  /** For the audit, which is never cleared: no text of people in it. */
  readonly detail: Readonly<Record<string, unknown>>
}

/**
 * Does something to a finding in one transaction with its history and the audit. `undefined` of `act`: it is so already.
 * Problems: `finding/not-found`, those of `act`.
 */
function alter(tools: CommandTools, actor: Actor, uuid: string, act: (finding: Locked, t: Db) => Promise<Result<Done | undefined>> | Result<Done | undefined>): Promise<Result<Done | undefined>> {
  const { db, world, audit } = tools
  return db.transaction().execute(async (t) => {
    const finding = await locked(t, actor.organisation_id, uuid)
    if (!finding) return fail('finding/not-found')
    const done = await act(finding, t)
    if (!done.ok || !done.value) return done
    const { set, change: { what, from, to, text }, detail } = done.value
    await findingDb(t).updateTable('finding').set({ ...set, touched: true }).where('id', '=', finding.id).execute()
    await findingDb(t).insertInto('finding_change').values({ finding_id: finding.id, at: new Date(world.now()), by: actor.name, what, from_value: from, to_value: to, text: text === null ? null : keptText(text, text_chars_max) }).execute()
    await audit({ organisation_id: actor.organisation_id, actor: actor.actor_id, action: `finding.${what}`, subject: finding.uuid, detail: { kind: finding.kind, ...detail } }, t)
    return done
  })
}

const andView = async (tools: CommandTools, actor: Actor, uuid: string, done: Promise<Result<unknown>>): Promise<Result<FindingView>> => {
  const result = await done
  return result.ok ? viewOf(tools, actor, uuid) : result
}

/** Whether somebody moved a finding since the caller saw it, and not to what the caller asks for. */
const movedMeanwhile = (now: Judged, { from, state, dismissal, text }: Move & { readonly from?: FindingState | undefined }): boolean =>
  from !== undefined && from !== now.state && !(state === now.state && (dismissal ?? now.dismissal) === now.dismissal && text === undefined)

/** Moves a finding. Problems: `finding/not-found`, `finding/changed-meanwhile`, `finding/wrong-state`, `request/invalid`. */
export const setState = (tools: CommandTools, actor: Actor, uuid: string, move: Input<typeof setFindingState>['body']): Promise<Result<FindingView>> =>
  andView(tools, actor, uuid, alter(tools, actor, uuid, (finding) => {
    if (movedMeanwhile(finding, move)) return fail('finding/changed-meanwhile', { state: finding.state })
    const next = moved(finding, move)
    if (!next.ok) return next
    if (next.value === finding) return ok(undefined)
    const { state, verdict, dismissal } = next.value
    const settled = isSettled(state) ? { settled_severity: finding.severity, settled_end: finding.end_at } : { settled_severity: null, settled_end: null }
    return ok({
      set: { state, verdict, dismissal, ...settled },
      change: { what: 'state', from: finding.state, to: state, text: move.text ?? null },
      detail: { from: finding.state, to: state, ...(dismissal === null ? {} : { dismissal }) },
    })
  }))

const mayOwn = roles.filter((role) => scopesOfRole[role].includes('findings:write'))

/** People of the organisation who can own a finding: active ones who may judge it. By name. */
export const ownersOf = (db: Db, organisation_id: number): Promise<{ id: string; name: string }[]> =>
  platformDb(db).selectFrom('person').select(['id', 'name']).where('organisation_id', '=', organisation_id).where('state', '=', 'active')
    .where('role', 'in', mayOwn).where('break_glass', '=', false).orderBy('name').orderBy('id').execute()

/** Gives a finding to a person or to nobody. Problems: `finding/not-found`, `person/not-found`. */
export const setOwner = (tools: CommandTools, actor: Actor, uuid: string, person: string | null): Promise<Result<FindingView>> =>
  andView(tools, actor, uuid, alter(tools, actor, uuid, async (finding, t) => {
    if (person === finding.owner_id) return ok(undefined)
    const owner = person === null ? undefined : (await ownersOf(t, actor.organisation_id)).find(({ id }) => id === person)
    if (person !== null && !owner) return fail('person/not-found')
    const before = finding.owner_id === null ? undefined : await platformDb(t).selectFrom('person').select('name').where('id', '=', finding.owner_id).executeTakeFirst()
    return ok({
      set: { owner_id: person }, change: { what: 'owner', from: before?.name ?? null, to: owner?.name ?? null, text: null },
      detail: { from: finding.owner_id, to: person },
    })
  }))

/** Problem: `finding/not-found`. */
export const setLabel = (tools: CommandTools, actor: Actor, uuid: string, tlp: Tlp): Promise<Result<FindingView>> =>
  andView(tools, actor, uuid, alter(tools, actor, uuid, (finding) => ok(finding.tlp === tlp ? undefined : {
    set: { tlp }, change: { what: 'label', from: finding.tlp, to: tlp, text: null }, detail: { from: finding.tlp, to: tlp },
  })))

/** Problem: `finding/not-found`. */
export async function comment(tools: CommandTools, actor: Actor, uuid: string, text: string): Promise<Result<Change>> {
  const at = new Date(tools.world.now()).toISOString()
  const done = await alter(tools, actor, uuid, () => ok({ set: {}, change: { what: 'comment', from: null, to: null, text }, detail: {} }))
  return done.ok ? ok({ at, by: actor.name, what: 'comment', from: null, to: null, text }) : done
}

/**
 * Writes into a finding's history that a bulletin about it was drafted, released or withdrawn; the audit has it from the
 * bulletin. People work with the finding from then on.
 */
export async function noteBulletin(t: Db, { world }: Pick<Platform, 'world'>, { organisation_id, finding, by, number, state }: BulletinNote): Promise<void> {
  const found = await locked(t, organisation_id, finding)
  if (!found) return
  await findingDb(t).updateTable('finding').set({ touched: true }).where('id', '=', found.id).execute()
  await findingDb(t).insertInto('finding_change').values({ finding_id: found.id, at: new Date(world.now()), by, what: 'bulletin', from_value: number, to_value: state, text: null }).execute()
}
