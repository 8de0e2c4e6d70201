import type { AgreementView } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { TeamRecord } from '../tables.ts'
import { bounds } from '../tools.ts'
import { agreementAt, expiresSoon, inForceSince, lanesOpen, type AgreementFacts } from './model.ts'
import { pageOfAgreements, type AgreementRow } from './store.ts'

type Db = Kysely<unknown>

export const factsOf = ({ kinds, parties, expires_at, ended_at }: AgreementRow): AgreementFacts =>
  ({ kinds, approved_ms: parties.map(({ approved_at }) => approved_at?.getTime() ?? null), expires_ms: expires_at.getTime(), ended_ms: ended_at?.getTime() ?? null })

export function agreementView(row: AgreementRow, now_ms: number): AgreementView {
  const facts = factsOf(row)
  const since = inForceSince(facts)
  return {
    id: row.uuid, title: row.title, purposes: row.purposes, legal_basis: row.legal_basis, kinds: row.kinds, retention_days: row.retention_days, expires_at: row.expires_at.toISOString(),
    state: agreementAt(facts, now_ms), in_force_since: since === null ? null : new Date(since).toISOString(), expires_soon: expiresSoon(facts, now_ms), open_kinds: [...lanesOpen(facts, now_ms)],
    parties: row.parties.map(({ team_uuid, short_name, discloses, approved_at, approved_by }) => ({ team: { id: team_uuid, short_name }, discloses, approved: approved_at && { at: approved_at.toISOString(), by: approved_by! } })),
    ended: row.ended_at && { at: row.ended_at.toISOString(), by: row.ended_by!, why: row.ended_why! },
    version: row.version, created_at: row.created_at.toISOString(), created_by: row.created_by,
  }
}

/** That a team is a party of, newest first. */
export const agreementsOfTeam = async (db: Db, { organisation_id, uuid }: TeamRecord, now_ms: number): Promise<AgreementView[]> =>
  (await pageOfAgreements(db, organisation_id, { team: uuid, limit: bounds.agreements_max })).map((row) => agreementView(row, now_ms))

/** A party of what is in force or may come into force is not taken out of the directory. */
export const restsOnAgreement = async (db: Db, team: TeamRecord, now_ms: number): Promise<string | undefined> =>
  (await agreementsOfTeam(db, team, now_ms)).find(({ state }) => state === 'in-force' || state === 'draft')?.title
