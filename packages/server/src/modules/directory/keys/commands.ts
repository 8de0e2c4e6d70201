import { createHash } from 'node:crypto'
import { fail, fingerprintText, ok, parseInstant, uuidV4, type Result } from '@hirundo/base'
import type { Input, KeyView, NewKey, Revocation, verifyKey as verifyRoute } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { oneLine } from '../../../platform/notify/plain-text.ts'
import type { KeyRecord, TeamRecord } from '../tables.ts'
import { lockTeam, teamRefs } from '../teams/store.ts'
import { alone, bounds, note, tooMany, type DirectoryTools } from '../tools.ts'
import { readFingerprint, signers_max } from './model.ts'
import { findKey, insertKey, keyOfFingerprint, keysById, keysOf, lockKey, updateKey } from './store.ts'
import { keyViews } from './views.ts'

type Db = Kysely<unknown>
const invalid = (what: string) => fail('request/invalid', { what })

/** An instant that may be left out. Problem: `request/invalid` with its name. */
function instantOf(text: string | null | undefined, what: string): Result<Date | null> {
  if (text == null) return ok(null)
  const at = parseInstant(text)
  return at.ok ? ok(new Date(at.value)) : invalid(what)
}

/** The bytes of a node's key. Problems: `request/invalid`; `key/fingerprint-mismatch`: the fingerprint is another's. */
function publicKeyOf({ kind, public_key }: NewKey, fingerprint: string): Result<Buffer | null> {
  if (public_key == null) return ok(null)
  const bytes = Buffer.from(public_key, 'base64url')
  if (kind !== 'node' || bytes.length !== 32) return invalid('public_key')
  return fingerprintText(createHash('sha256').update(bytes).digest()) === fingerprint ? ok(bytes) : fail('key/fingerprint-mismatch')
}

/** Enters a key of a team within a transaction that holds the team. Problems: `key/exists` with whose it is, `request/invalid`, `directory/too-many`. */
export async function insertNewKey(tools: DirectoryTools, t: Db, actor: Actor, team: TeamRecord, body: NewKey): Promise<Result<KeyRecord>> {
  const fingerprint = readFingerprint(body.kind, body.fingerprint)
  if (!fingerprint.ok) return fingerprint
  const [from, to, public_key] = [instantOf(body.valid_from, 'valid_from'), instantOf(body.valid_to, 'valid_to'), publicKeyOf(body, fingerprint.value)]
  if (!from.ok) return from
  if (!to.ok) return to
  if (!public_key.ok) return public_key
  if (from.value && to.value && from.value >= to.value) return invalid('valid_to')
  if ((await keysOf(t, team.id)).length >= bounds.keys_of_team_max) return tooMany('keys', bounds.keys_of_team_max)
  const said = { team_id: team.id, public_key: public_key.value, valid_from: from.value, valid_to: to.value, visibility: body.visibility ?? 'community', created_at: new Date(tools.world.now()), created_by: actor.name }
  const same = await keyOfFingerprint(t, actor.organisation_id, body.kind, fingerprint.value)
  // A team that is entered again brings its keys again; what was made sure of before was so of the team that is gone.
  if (same && (!same.is_of_nobody || same.revoked_at !== null)) return fail('key/exists', { key: same.uuid })
  const row = same
    ? await updateKey(t, same.id, { ...said, verified_at: null, verified_by: null, verified_how: null, signer_id: null, verified_text: null })
    : await insertKey(t, { ...said, uuid: uuidV4(tools.world), organisation_id: actor.organisation_id, kind: body.kind, fingerprint: fingerprint.value })
  await note(tools, t, actor, 'key.add', row.uuid, { team: team.uuid, kind: row.kind, fingerprint: row.fingerprint })
  return ok(row)
}

/** As it is shown to us. */
export async function viewOfKey({ world }: DirectoryTools, db: Db, key: KeyRecord): Promise<KeyView> {
  const team = (await teamRefs(db, [key.team_id])).get(key.team_id)!
  return (await keyViews(db, [{ key, team }], world.now()))[0]!
}

/** Problems: `team/not-found`, those of `insertNewKey`. */
export const addKey = (tools: DirectoryTools, actor: Actor, team_uuid: string, body: NewKey): Promise<Result<KeyView>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const team = await lockTeam(t, actor.organisation_id, team_uuid)
  if (!team) return fail('team/not-found')
  const made = await insertNewKey(tools, t, actor, team, body)
  return made.ok ? ok(await viewOfKey(tools, t, made.value)) : made
})

/** The key that vouches: verified now, and another. Problems: `request/invalid`, `key/wrong-state`. */
async function signerOf(tools: DirectoryTools, t: Db, actor: Actor, key: KeyRecord, { how, signed_by }: Input<typeof verifyRoute>['body']): Promise<Result<KeyRecord | null>> {
  if (how !== 'signed-by') return signed_by == null ? ok(null) : invalid('signed_by')
  const signer = signed_by == null ? undefined : await findKey(t, actor.organisation_id, signed_by)
  if (!signer || signer.id === key.id) return invalid('signed_by')
  const { standing } = await viewOfKey(tools, t, signer)
  if (standing !== 'verified') return fail('key/wrong-state', { signer: standing })
  // Two keys that vouch for each other would rest on nobody.
  let above: KeyRecord | undefined = signer
  for (let i = 0; i < signers_max && above; i++) {
    if (above.id === key.id) return fail('key/wrong-state', { signer: 'rests on this key' })
    above = above.signer_id === null ? undefined : (await keysById(t, [above.signer_id]))[0]
  }
  return above === undefined ? ok(signer) : fail('key/wrong-state', { signer: 'too many between' })
}

/** Problems: `key/not-found`, `key/wrong-state`, `key/fingerprint-mismatch`, `request/invalid`. */
export const verifyKey = (tools: DirectoryTools, actor: Actor, uuid: string, body: Input<typeof verifyRoute>['body']): Promise<Result<KeyView>> => tools.db.transaction().execute(async (t) => {
  // Chains of keys are looked at as a whole.
  await alone(t, actor.organisation_id)
  const key = await lockKey(t, actor.organisation_id, uuid)
  if (!key) return fail('key/not-found')
  if (key.revoked_at !== null) return fail('key/wrong-state', { state: 'revoked' })
  const compared = readFingerprint(key.kind, body.fingerprint)
  if (!compared.ok) return compared
  if (compared.value !== key.fingerprint) return fail('key/fingerprint-mismatch')
  const at = instantOf(body.at, 'at')
  if (!at.ok) return at
  if (at.value && at.value.getTime() > tools.world.now()) return invalid('at')
  const signer = await signerOf(tools, t, actor, key, body)
  if (!signer.ok) return signer
  const row = await updateKey(t, key.id, {
    verified_at: at.value ?? new Date(tools.world.now()), verified_by: body.by ?? actor.name, verified_how: body.how, signer_id: signer.value?.id ?? null,
    verified_text: body.text === undefined ? null : oneLine(body.text, 500),
  })
  await note(tools, t, actor, 'key.verify', key.uuid, { how: body.how, fingerprint: key.fingerprint, ...(signer.value ? { signed_by: signer.value.uuid } : {}) })
  return ok(await viewOfKey(tools, t, row))
})

/** Problems: `key/not-found`, `key/wrong-state`. */
export const revokeKey = (tools: DirectoryTools, actor: Actor, uuid: string, why: Revocation): Promise<Result<KeyView>> => tools.db.transaction().execute(async (t) => {
  const key = await lockKey(t, actor.organisation_id, uuid)
  if (!key) return fail('key/not-found')
  // Compromised is learnt later too, and says more.
  if (key.revoked_at !== null && (key.revoked_why === 'compromised' || why !== 'compromised')) return fail('key/wrong-state', { state: 'revoked' })
  const row = await updateKey(t, key.id, { revoked_at: new Date(tools.world.now()), revoked_by: actor.name, revoked_why: why })
  await note(tools, t, actor, 'key.revoke', key.uuid, { why, fingerprint: key.fingerprint })
  return ok(await viewOfKey(tools, t, row))
})
