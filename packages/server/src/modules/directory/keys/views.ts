import type { KeyView, TeamRef, Visibility } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { KeyRecord, TeamRecord } from '../tables.ts'
import { isSeenBy } from '../teams/model.ts'
import { expiresSoon, signers_max, standingOf, versionOf, type KeyFacts } from './model.ts'
import { keysById, keysOf } from './store.ts'

const factsOf = ({ id, valid_from, valid_to, verified_at, signer_id, revoked_why }: KeyRecord): KeyFacts =>
  ({ id, valid_from_ms: valid_from?.getTime() ?? null, valid_to_ms: valid_to?.getTime() ?? null, verified: verified_at !== null, signer_id, revoked: revoked_why })

/** The keys that vouch for these, and those that vouch for them. */
async function signersOf(db: Kysely<unknown>, keys: readonly KeyRecord[]): Promise<Map<number, KeyRecord>> {
  const known = new Map<number, KeyRecord>()
  let wanted = keys
  for (let i = 0; i < signers_max && wanted.length > 0; i++) {
    wanted = await keysById(db, [...new Set(wanted.flatMap(({ signer_id }) => (signer_id === null || known.has(signer_id) ? [] : [signer_id])))])
    for (const one of wanted) known.set(one.id, one)
  }
  return known
}

/** Keys as they are shown, each with what it is worth now. */
export async function keyViews(db: Kysely<unknown>, keys: readonly { readonly key: KeyRecord; readonly team: TeamRef }[], now_ms: number): Promise<KeyView[]> {
  const signers = await signersOf(db, keys.map(({ key }) => key))
  const find = (id: number): KeyFacts | undefined => {
    const signer = signers.get(id)
    return signer && factsOf(signer)
  }
  return keys.map(({ key, team }) => {
    const facts = factsOf(key)
    return {
      id: key.uuid, team, kind: key.kind, version: versionOf(key.kind, key.fingerprint), fingerprint: key.fingerprint, public_key: key.public_key?.toString('base64url') ?? null,
      valid_from: key.valid_from?.toISOString() ?? null, valid_to: key.valid_to?.toISOString() ?? null,
      standing: standingOf(facts, now_ms, find), expires_soon: expiresSoon(facts, now_ms), visibility: key.visibility,
      verified: key.verified_at && { at: key.verified_at.toISOString(), by: key.verified_by!, how: key.verified_how!, signed_by: key.signer_id === null ? null : signers.get(key.signer_id)?.fingerprint ?? null },
      revoked: key.revoked_at && { at: key.revoked_at.toISOString(), by: key.revoked_by!, why: key.revoked_why! },
    }
  })
}

/** Keys of one team that are for `audience`. */
export async function keysOfTeam(db: Kysely<unknown>, team: TeamRecord, audience: Visibility, now_ms: number): Promise<KeyView[]> {
  const keys = (await keysOf(db, team.id)).filter(({ visibility }) => isSeenBy(visibility, audience))
  const views = await keyViews(db, keys.map((key) => ({ key, team: { id: team.uuid, short_name: team.short_name } })), now_ms)
  // Who made sure, and through whom, is for us.
  return audience === 'us' ? views : views.map((view) => ({ ...view, verified: null, revoked: view.revoked && { ...view.revoked, by: '' } }))
}
