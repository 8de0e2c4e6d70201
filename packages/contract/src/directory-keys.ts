import { Type, type Static } from 'typebox'
import { oneWordOf, Prose, TeamRef, VisibilityName } from './directory-shapes.ts'
import { maybe } from './people-shapes.ts'
import { route } from './route.ts'
import { Instant, Name, Next, pageQuery, UuidText } from './shapes.ts'

export const keyKinds = ['openpgp', 'node'] as const
export type KeyKind = (typeof keyKinds)[number]
/** How the holder of a key was made sure of. `signed-by`: by a key of the directory that is itself verified. */
export const keyProofs = ['in-person', 'telephone', 'video', 'post', 'signed-by'] as const
export type KeyProof = (typeof keyProofs)[number]
/** What a key is worth at an instant. Only `verified` is relied on. */
export const keyStandings = ['verified', 'unverified', 'not-yet-valid', 'expired', 'revoked'] as const
export type KeyStanding = (typeof keyStandings)[number]
/** `compromised` takes away also what the key vouched for. */
export const revocations = ['compromised', 'superseded', 'retired'] as const
export type Revocation = (typeof revocations)[number]

const id = Type.Object({ id: UuidText })

export const NewKey = Type.Object({
  kind: oneWordOf(keyKinds),
  fingerprint: Type.String({ minLength: 1, maxLength: 120, description: 'OpenPGP: 40 (v4) or 64 (v6) hex digits, spaces allowed. Node: five groups of four letters' }),
  public_key: Type.Optional(maybe(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'Of a node: the 32 bytes of the Ed25519 key, base64url; its fingerprint must be the one given' }))),
  valid_from: Type.Optional(maybe(Instant)), valid_to: Type.Optional(maybe(Instant)),
  visibility: Type.Optional(VisibilityName),
})
export type NewKey = Static<typeof NewKey>

export const KeyView = Type.Object({
  id: UuidText, team: TeamRef, kind: oneWordOf(keyKinds), version: maybe(Type.Integer({ description: 'Of OpenPGP: 4 or 6' })),
  fingerprint: Type.String({ description: 'OpenPGP: upper-case hex without spaces' }), public_key: maybe(Type.String()),
  valid_from: maybe(Instant), valid_to: maybe(Instant),
  standing: oneWordOf(keyStandings), expires_soon: Type.Boolean({ description: 'Within 30 days' }),
  verified: maybe(Type.Object({ at: Instant, by: Type.String(), how: oneWordOf(keyProofs), signed_by: maybe(Type.String({ description: 'Fingerprint' })) })),
  revoked: maybe(Type.Object({ at: Instant, by: Type.String(), why: oneWordOf(revocations) })),
  visibility: VisibilityName,
})
export type KeyView = Static<typeof KeyView>

export const listKeys = route({
  id: 'keys.list', method: 'GET', path: '/keys', needs: 'directory:read', summary: 'Keys of all teams, newest first',
  query: Type.Object({ standing: Type.Optional(oneWordOf(keyStandings, 'Only these')), ...pageQuery }),
  output: Type.Object({ keys: Type.Array(KeyView), next: Next }), errors: ['request/invalid'],
})
export const addKey = route({
  id: 'keys.add', method: 'POST', path: '/teams/:id/keys', needs: 'directory:write', summary: 'Enters a key of a team; it is unverified until somebody made sure whose it is',
  params: id, body: NewKey, output: KeyView, errors: ['team/not-found', 'key/exists', 'request/invalid', 'directory/too-many'],
})
export const verifyKey = route({
  id: 'keys.verify', method: 'POST', path: '/keys/:id/verification', needs: 'directory:write', summary: 'Records that somebody made sure whose the key is: who, when and how',
  params: id,
  body: Type.Object({
    fingerprint: Type.String({ maxLength: 120, description: 'As it was read out or compared: it must be that of the key' }),
    how: oneWordOf(keyProofs), by: Type.Optional(Name), at: Type.Optional(Instant), signed_by: Type.Optional(maybe(UuidText)), text: Type.Optional(Prose(500)),
  }),
  output: KeyView, errors: ['key/not-found', 'key/wrong-state', 'key/fingerprint-mismatch', 'request/invalid'],
})
export const revokeKey = route({
  id: 'keys.revoke', method: 'POST', path: '/keys/:id/revocation', needs: 'directory:write', summary: 'Ends a key for good; what a compromised key vouched for is unverified again',
  params: id, body: Type.Object({ why: oneWordOf(revocations) }), output: KeyView, errors: ['key/not-found', 'key/wrong-state'],
})

export const keyRoutes = [listKeys, addKey, verifyKey, revokeKey] as const
