import { fail, ok, parseInstant, uuidV4, type Result } from '@hirundo/base'
import type { AgreementView, approveAgreement as approveRoute, Input, NewAgreement } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { plainText } from '../../../platform/notify/plain-text.ts'
import { findTeam } from '../teams/store.ts'
import { alone, bounds, note, tooMany, type DirectoryTools } from '../tools.ts'
import { agreementAt } from './model.ts'
import { countAgreements, findAgreement, insertAgreement, replaceParties, setApproved, updateAgreement, type AgreementRow } from './store.ts'
import { agreementView, factsOf } from './views.ts'

type Db = Kysely<unknown>
const invalid = (what: string) => fail('request/invalid', { what })
const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)]

interface Fields {
  readonly set: Pick<AgreementRow, 'title' | 'purposes' | 'legal_basis' | 'kinds' | 'retention_days' | 'expires_at'>
  readonly parties: readonly { readonly team_id: number; readonly discloses: string }[]
}

/** Problems: `team/not-found`, `request/invalid`. */
async function fieldsOf(t: Db, organisation_id: number, now_ms: number, body: NewAgreement): Promise<Result<Fields>> {
  const expires = parseInstant(body.expires_at)
  if (!expires.ok || expires.value <= now_ms) return invalid('expires_at')
  if (distinct(body.parties.map(({ team }) => team)).length !== body.parties.length) return invalid('parties')
  const parties: { team_id: number; discloses: string }[] = []
  for (const { team, discloses } of body.parties) {
    const found = await findTeam(t, organisation_id, team)
    if (!found) return fail('team/not-found')
    parties.push({ team_id: found.id, discloses: plainText(discloses, 2000) })
  }
  const { title, purposes, legal_basis, kinds, retention_days } = body
  return ok({ set: { title, purposes: distinct(purposes), legal_basis, kinds: distinct(kinds), retention_days, expires_at: new Date(expires.value) }, parties })
}

const viewOf = async ({ world }: DirectoryTools, t: Db, actor: Actor, uuid: string): Promise<Result<AgreementView>> => ok(agreementView((await findAgreement(t, actor.organisation_id, uuid))!, world.now()))

/** Problems: `team/not-found`, `request/invalid`, `directory/too-many`. */
export const addAgreement = (tools: DirectoryTools, actor: Actor, body: NewAgreement): Promise<Result<AgreementView>> => tools.db.transaction().execute(async (t) => {
  const { organisation_id } = actor
  await alone(t, organisation_id)
  if ((await countAgreements(t, organisation_id)) >= bounds.agreements_max) return tooMany('agreements', bounds.agreements_max)
  const fields = await fieldsOf(t, organisation_id, tools.world.now(), body)
  if (!fields.ok) return fields
  const row = await insertAgreement(t, { ...fields.value.set, uuid: uuidV4(tools.world), organisation_id, created_at: new Date(tools.world.now()), created_by: actor.name })
  await replaceParties(t, row.id, fields.value.parties)
  await note(tools, t, actor, 'agreement.add', row.uuid, { kinds: row.kinds, parties: body.parties.map(({ team }) => team), expires_at: row.expires_at.toISOString() })
  return viewOf(tools, t, actor, row.uuid)
})

/** Finds one that is in one of `states` and does something to it. Problems: `agreement/not-found`, `agreement/wrong-state`, those of `act`. */
function alter(tools: DirectoryTools, actor: Actor, uuid: string, states: readonly string[], act: (row: AgreementRow, t: Db, now_ms: number) => Promise<Result<unknown>>): Promise<Result<AgreementView>> {
  return tools.db.transaction().execute(async (t) => {
    await alone(t, actor.organisation_id)
    const row = await findAgreement(t, actor.organisation_id, uuid)
    if (!row) return fail('agreement/not-found')
    const now_ms = tools.world.now()
    const state = agreementAt(factsOf(row), now_ms)
    if (!states.includes(state)) return fail('agreement/wrong-state', { state })
    const done = await act(row, t, now_ms)
    return done.ok ? viewOf(tools, t, actor, uuid) : done
  })
}

const changedMeanwhile = ({ version }: AgreementRow) => fail('agreement/changed-meanwhile', { version })

/** Nobody has approved what is new. Problems: `agreement/not-found`, `agreement/wrong-state`, `agreement/changed-meanwhile`, `team/not-found`, `request/invalid`. */
export const changeAgreement = (tools: DirectoryTools, actor: Actor, uuid: string, body: NewAgreement & { readonly version: number }): Promise<Result<AgreementView>> =>
  alter(tools, actor, uuid, ['draft'], async (row, t, now_ms) => {
    if (row.version !== body.version) return changedMeanwhile(row)
    const fields = await fieldsOf(t, actor.organisation_id, now_ms, body)
    if (!fields.ok) return fields
    await updateAgreement(t, row.id, { ...fields.value.set, version: row.version + 1 })
    await replaceParties(t, row.id, fields.value.parties)
    await note(tools, t, actor, 'agreement.change', uuid, { version: row.version + 1, kinds: fields.value.set.kinds, parties: body.parties.map(({ team }) => team) })
    return ok({})
  })

/** Problems: `agreement/not-found`, `agreement/wrong-state`, `agreement/changed-meanwhile`; `team/not-found`: it is no party. */
export const approveAgreement = (tools: DirectoryTools, actor: Actor, uuid: string, { team, by, version }: Input<typeof approveRoute>['body']): Promise<Result<AgreementView>> =>
  alter(tools, actor, uuid, ['draft'], async (row, t, now_ms) => {
    if (row.version !== version) return changedMeanwhile(row)
    const party = row.parties.find(({ team_uuid }) => team_uuid === team)
    if (!party) return fail('team/not-found')
    // Who approved first stands.
    if (party.approved_at !== null) return ok({})
    await setApproved(t, row.id, party.team_id, new Date(now_ms), by)
    const last = row.parties.every(({ team_id, approved_at }) => team_id === party.team_id || approved_at !== null)
    await note(tools, t, actor, 'agreement.approve', uuid, { team, version, in_force: last })
    return ok({})
  })

/** Problems: `agreement/not-found`, `agreement/wrong-state`. */
export const endAgreement = (tools: DirectoryTools, actor: Actor, uuid: string, { by, why }: { readonly by: string; readonly why: string }): Promise<Result<AgreementView>> =>
  alter(tools, actor, uuid, ['draft', 'in-force'], async (row, t, now_ms) => {
    await updateAgreement(t, row.id, { ended_at: new Date(now_ms), ended_by: by, ended_why: why })
    await note(tools, t, actor, 'agreement.end', uuid)
    return ok({})
  })
