import { parseAddress, type AddressBytes, type Result, ok } from '@hirundo/base'
import type { constituencyOwner, Output, TeamRef } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { makeOwners, type Owners } from './owners.ts'
import { Places } from './model.ts'
import { allClaims, type ClaimRow } from './store.ts'

const isVerified = ({ state }: ClaimRow): boolean => state === 'verified'
const asClaim = ({ team_id, kind, value }: ClaimRow) => ({ team: team_id, kind, value })

/** Who answers for what in an organisation's directory now, and the teams by the numbers that it names. */
export async function ownersOf(db: Kysely<unknown>, organisation_id: number): Promise<{ readonly owners: Owners; readonly teams: ReadonlyMap<number, TeamRef> }> {
  const rows = await allClaims(db, organisation_id)
  return { owners: makeOwners(rows.filter(isVerified).map(asClaim)), teams: new Map(rows.map((row) => [row.team_id, { id: row.team_uuid, short_name: row.short_name }])) }
}

/** Claims that hold an address, or its AS or economy, whatever they are worth. */
function holding(rows: readonly ClaimRow[], address: AddressBytes, asn: number | undefined, economy: string | undefined): ClaimRow[] {
  const places = new Places(rows)
  return [...places.around({ bytes: address, bits: 128 }), ...places.at(`asn ${asn}`), ...places.at(`economy ${economy}`)]
}

/** Whose an address is, and who gets nothing and why. Problem: `request/invalid`. */
export async function explainOwner(db: Kysely<unknown>, organisation_id: number, asked: { readonly address: string; readonly asn?: number; readonly economy?: string }): Promise<Result<Output<typeof constituencyOwner>>> {
  const address = parseAddress(asked.address)
  if (!address.ok) return address
  const rows = await allClaims(db, organisation_id)
  const owners = makeOwners(rows.filter(isVerified).map(asClaim)).ownerOf(address.value, asked.asn ?? null, asked.economy ?? null)
  const teams = new Map(rows.map((row) => [row.team_id, { id: row.team_uuid, short_name: row.short_name }]))
  const routed = new Set(owners.map(({ team }) => team))
  return ok({
    owners: owners.map(({ team, kind, value }) => ({ team: teams.get(team)!, kind, value })),
    not_routed: holding(rows, address.value, asked.asn, asked.economy).filter(({ team_id, state }) => !routed.has(team_id) && state !== 'rejected')
      .map((row) => ({ team: teams.get(row.team_id)!, kind: row.kind, value: row.value, why: isVerified(row) ? 'economy-alone' as const : 'unverified' as const })),
  })
}
