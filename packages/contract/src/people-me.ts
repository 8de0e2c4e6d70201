import { Type, type Static } from 'typebox'
import { Attempt, Attestation, LanguageName, maybe, PasskeyOptions, Password, PersonView, Sessions, TimeZone } from './people-shapes.ts'
import { route } from './route.ts'
import { Instant, Name, UuidText } from './shapes.ts'

export const updateMe = route({
  id: 'me.update', method: 'PUT', path: '/me', needs: 'person', summary: 'Changes one’s own name, language and time zone',
  body: Type.Object({ name: Name, language: LanguageName, time_zone: TimeZone }),
  output: PersonView,
  errors: ['request/invalid'],
})

export const PasskeyView = Type.Object({
  id: UuidText, name: Name, created_at: Instant, last_used_at: maybe(Instant),
  synced: Type.Boolean({ description: 'Backed up by its provider, so that it may exist on several devices' }),
})
export type PasskeyView = Static<typeof PasskeyView>

export const FactorsView = Type.Object({
  password_changed_at: maybe(Instant),
  totp_confirmed_at: maybe(Instant),
  recovery_codes_left: Type.Integer(),
  passkeys: Type.Array(PasskeyView),
  oidc: Type.Boolean(),
})
export type FactorsView = Static<typeof FactorsView>

export const getFactors = route({
  id: 'me.factors', method: 'GET', path: '/me/factors', needs: 'person', summary: 'How one can sign in',
  output: FactorsView,
  errors: [],
})

export const setPassword = route({
  id: 'me.set-password', method: 'PUT', path: '/me/password', needs: 'person', step_up: true,
  summary: 'Sets or changes one’s password (12 to 256 characters); it works together with TOTP only',
  body: Type.Object({ password: Password }),
  output: FactorsView,
  errors: ['factor/password-weak'],
})

export const removePassword = route({
  id: 'me.remove-password', method: 'DELETE', path: '/me/password', needs: 'person', step_up: true,
  summary: 'Removes password, TOTP and recovery codes, when a passkey remains',
  output: FactorsView,
  errors: ['factor/last'],
})

export const beginTotp = route({
  id: 'me.begin-totp', method: 'POST', path: '/me/totp', needs: 'person', step_up: true,
  summary: 'A new TOTP secret (RFC 6238, SHA-1, 6 digits, 30 s), in force when confirmed',
  output: Type.Object({ secret: Type.String({ description: 'Base 32' }), uri: Type.String({ description: 'otpauth URI, for a QR code' }) }),
  errors: ['factor/password-missing'],
})

const RecoveryCodes = Type.Array(Type.String(), { description: 'Each works once; shown only in this answer' })

export const confirmTotp = route({
  id: 'me.confirm-totp', method: 'POST', path: '/me/totp/confirm', needs: 'person', step_up: true,
  summary: 'Puts the new secret in force by a code of it, and makes new recovery codes',
  body: Type.Object({ code: Type.String({ pattern: '^[0-9]{6}$' }) }),
  output: Type.Object({ recovery_codes: RecoveryCodes, factors: FactorsView }),
  errors: ['factor/code-wrong'],
})

export const renewRecoveryCodes = route({
  id: 'me.renew-recovery-codes', method: 'POST', path: '/me/recovery-codes', needs: 'person', step_up: true,
  summary: 'New recovery codes; the old ones end',
  output: Type.Object({ recovery_codes: RecoveryCodes, factors: FactorsView }),
  errors: ['factor/totp-missing'],
})

export const passkeyOptions = route({
  id: 'me.passkey-options', method: 'POST', path: '/me/passkeys/options', needs: 'person', step_up: true, summary: 'Begins the registration of a passkey',
  output: PasskeyOptions,
  errors: ['factor/limit', 'factor/passkey-unavailable'],
})

export const addPasskey = route({
  id: 'me.add-passkey', method: 'POST', path: '/me/passkeys', needs: 'person', step_up: true, summary: 'Registers a passkey',
  body: Type.Object({ attempt: Attempt, name: Name, response: Attestation }),
  output: FactorsView,
  errors: ['sign-in/expired', 'factor/passkey-refused', 'factor/limit'],
})

const passkeyId = Type.Object({ id: UuidText })

export const renamePasskey = route({
  id: 'me.rename-passkey', method: 'PUT', path: '/me/passkeys/:id', needs: 'person', summary: 'Renames a passkey',
  params: passkeyId,
  body: Type.Object({ name: Name }),
  output: FactorsView,
  errors: ['factor/not-found'],
})

export const removePasskey = route({
  id: 'me.remove-passkey', method: 'DELETE', path: '/me/passkeys/:id', needs: 'person', step_up: true,
  summary: 'Removes a passkey, unless it is the last way to sign in',
  params: passkeyId,
  output: FactorsView,
  errors: ['factor/not-found', 'factor/last'],
})

export const listMySessions = route({
  id: 'me.sessions', method: 'GET', path: '/me/sessions', needs: 'person', summary: 'One’s own sessions, newest first', output: Sessions, errors: [],
})

export const endMySession = route({
  id: 'me.end-session', method: 'DELETE', path: '/me/sessions/:id', needs: 'person', summary: 'Ends one of one’s own sessions',
  params: Type.Object({ id: UuidText }),
  output: Sessions,
  errors: ['session/not-found'],
})

export const endMySessions = route({
  id: 'me.end-sessions', method: 'DELETE', path: '/me/sessions', needs: 'person', summary: 'Ends one’s own sessions, but not this one',
  output: Sessions,
  errors: [],
})

/** Routes of what is one's own: profile, factors, sessions. */
export const meRoutes = [
  updateMe, getFactors, setPassword, removePassword, beginTotp, confirmTotp, renewRecoveryCodes, passkeyOptions, addPasskey, renamePasskey,
  removePasskey, listMySessions, endMySession, endMySessions,
] as const
