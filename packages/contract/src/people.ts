import { Type, type Static } from 'typebox'
import { languages, type Language } from './messages/index.ts'
import { route, ScopeName, scopes, type Scope } from './route.ts'
import { Instant, Name, Next, Nothing, pageQuery, UuidText } from './shapes.ts'

/** What a person may do, least first. Each role may all that the one before it may. */
export const roles = ['viewer', 'analyst', 'coordinator', 'administrator'] as const
export type Role = (typeof roles)[number]

const reading = ['observatory:read', 'sensors:read'] as const

/** The scopes of a person's sessions, and the most that their tokens can have. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: reading,
  analyst: reading,
  coordinator: [...reading, 'sensors:write', 'audit:read'],
  administrator: scopes,
}

export const personStates = ['invited', 'active', 'disabled'] as const
export type PersonState = (typeof personStates)[number]

export const signInMethods = ['passkey', 'password', 'oidc', 'break-glass', 'link'] as const
export type SignInMethod = (typeof signInMethods)[number]

const RoleName = Type.Unsafe<Role>({ type: 'string', enum: [...roles] })
const StateName = Type.Unsafe<PersonState>({ type: 'string', enum: [...personStates] })
const LanguageName = Type.Unsafe<Language>({ type: 'string', enum: [...languages], description: 'BCP 47' })
const TimeZone = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_+/-]+$', description: 'IANA name, e.g. Asia/Tokyo' })
const SignInName = Type.String({
  minLength: 3, maxLength: 200, pattern: '^[^\\s@\\u0000-\\u001f\\u007f-\\u009f]+@[^\\s@\\u0000-\\u001f\\u007f-\\u009f]+$',
  description: 'Looks like an e-mail address; compared without regard to case. No mail is sent to it',
})
const Secret = Type.String({ minLength: 1, maxLength: 100, description: 'What stands behind # in the link' })
const maybe = <S extends Parameters<typeof Type.Array>[0]>(schema: S) => Type.Union([schema, Type.Null()])

export const PersonView = Type.Object({
  id: UuidText,
  organisation: UuidText,
  name: Name,
  sign_in_name: SignInName,
  role: RoleName,
  language: LanguageName,
  time_zone: TimeZone,
  state: StateName,
  break_glass: Type.Boolean({ description: 'The account for emergencies: it signs in by its password alone' }),
  created_at: Instant,
  last_sign_in_at: maybe(Instant),
  factors: Type.Object({
    password: Type.Boolean(), totp: Type.Boolean(), passkeys: Type.Integer(), oidc: Type.Boolean(),
  }, { description: 'How this person can sign in' }),
})
export type PersonView = Static<typeof PersonView>

export const SessionView = Type.Object({
  signed_in: Type.Boolean(),
  person: maybe(PersonView),
  scopes: Type.Array(ScopeName, { description: 'What this session allows; none while `needs` is not null' }),
  needs: Type.Union([Type.Literal('enrolment'), Type.Null()], {
    description: 'enrolment: came by a link and must add a passkey, or a password and TOTP, before anything else',
  }),
  fresh_until: maybe(Instant),
  expires_at: maybe(Instant),
  sign_in: Type.Object({
    passkey: Type.Boolean({ description: 'False when the node is reached by an address instead of a name: passkeys need a name' }),
    password: Type.Boolean(),
    oidc: Type.Union([Name, Type.Null()], { description: 'What the identity provider is called; null: none is configured' }),
  }),
  setup_open: Type.Boolean({ description: 'Nobody has signed in ever: the link that the node printed makes the first administrator' }),
  break_glass_used_at: Type.Union([Instant, Type.Null()], {
    description: 'To administrators: the emergency account was used and its password not renewed since',
  }),
})
export type SessionView = Static<typeof SessionView>

export const getSession = route({
  id: 'session.get', method: 'GET', path: '/session', needs: 'public',
  summary: 'Who is signed in, and how one can sign in; answers 200 also when nobody is',
  output: SessionView,
  errors: [],
})

const Attempt = Type.String({ minLength: 1, maxLength: 100, description: 'Names a sign-in under way; valid for a few minutes and once' })

export const SignInStep = Type.Object({
  next: Type.Union([Type.Literal('totp'), Type.Literal('done')]),
  attempt: maybe(Attempt),
}, { description: 'done: the cookie of the session is set. totp: send `attempt` with a code' })
export type SignInStep = Static<typeof SignInStep>

const Password = Type.String({ minLength: 1, maxLength: 256 })

export const signInByPassword = route({
  id: 'session.password', method: 'POST', path: '/session/password', needs: 'public',
  summary: 'First step of a sign-in by password; one answer for an unknown name and a wrong password',
  body: Type.Object({ sign_in_name: Type.String({ minLength: 1, maxLength: 200 }), password: Password }),
  output: SignInStep,
  errors: ['sign-in/refused', 'request/rate-limited'],
})

const Code = Type.String({ minLength: 6, maxLength: 40, description: 'Six digits of TOTP, or a recovery code' })

export const signInByTotp = route({
  id: 'session.totp', method: 'POST', path: '/session/totp', needs: 'public', summary: 'Second step after the password',
  body: Type.Object({ attempt: Attempt, code: Code }),
  output: SignInStep,
  errors: ['sign-in/refused', 'sign-in/expired', 'request/rate-limited'],
})

const Base64Url = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' })
const PasskeyOptions = Type.Object({
  attempt: Attempt,
  options: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON form of WebAuthn Level 3; pass it to the browser' }),
})
const credential = { id: Base64Url(1400), rawId: Base64Url(1400), type: Type.Literal('public-key'), clientExtensionResults: Type.Record(Type.String(), Type.Unknown()) }
const Assertion = Type.Object({
  ...credential,
  response: Type.Object({
    clientDataJSON: Base64Url(8000), authenticatorData: Base64Url(8000), signature: Base64Url(8000), userHandle: Type.Optional(Base64Url(200)),
  }),
}, { description: 'AuthenticationResponseJSON of WebAuthn Level 3' })
const Attestation = Type.Object({
  ...credential,
  response: Type.Object({
    clientDataJSON: Base64Url(8000), attestationObject: Base64Url(32_000), transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 16 })),
  }),
}, { description: 'RegistrationResponseJSON of WebAuthn Level 3' })

export const passkeySignInOptions = route({
  id: 'session.passkey-options', method: 'POST', path: '/session/passkey/options', needs: 'public',
  summary: 'Begins a sign-in or a re-authentication by passkey; names no person',
  output: PasskeyOptions,
  errors: ['request/rate-limited', 'factor/passkey-unavailable'],
})

export const signInByPasskey = route({
  id: 'session.passkey', method: 'POST', path: '/session/passkey', needs: 'public', summary: 'Signs in by passkey',
  body: Type.Object({ attempt: Attempt, response: Assertion }),
  output: SignInStep,
  errors: ['sign-in/refused', 'sign-in/expired', 'request/rate-limited'],
})

export const signOut = route({
  id: 'session.end', method: 'DELETE', path: '/session', needs: 'public', summary: 'Signs out; signed out already is no error',
  output: Nothing,
  errors: [],
})

export const reauthenticate = route({
  id: 'session.reauthenticate', method: 'POST', path: '/session/reauthenticate', needs: 'person',
  summary: 'Shows once more who is there, by password and code; operations that need it work for 15 minutes',
  body: Type.Object({ password: Password, code: Type.Optional(Code) }),
  output: SessionView,
  errors: ['sign-in/refused'],
})

export const reauthenticateByPasskey = route({
  id: 'session.reauthenticate-passkey', method: 'POST', path: '/session/reauthenticate/passkey', needs: 'person',
  summary: 'The same by a passkey of this person; options come from session.passkey-options',
  body: Type.Object({ attempt: Attempt, response: Assertion }),
  output: SessionView,
  errors: ['sign-in/refused', 'sign-in/expired'],
})

export const startOidc = route({
  id: 'session.oidc', method: 'GET', path: '/session/oidc', needs: 'public',
  summary: 'For a browser’s navigation: leads to the identity provider (303)',
  query: Type.Object({ again: Type.Optional(Type.Boolean({ description: 'Ask for the password there even if signed in there: for re-authentication' })) }),
  output: Nothing,
  errors: ['oidc/unavailable', 'request/rate-limited'],
})

export const finishOidc = route({
  id: 'session.oidc-callback', method: 'GET', path: '/session/oidc/callback', needs: 'public',
  summary: 'Where the identity provider leads back to; leads on to / or to /sign-in?problem=CODE (303)',
  output: Nothing,
  errors: [],
})

const Profile = { name: Name, language: Type.Optional(LanguageName), time_zone: Type.Optional(TimeZone) }

export const setup = route({
  id: 'setup.redeem', method: 'POST', path: '/setup', needs: 'public',
  summary: 'Makes the first administrator by the link that the node printed; the session then needs enrolment',
  body: Type.Object({ secret: Secret, sign_in_name: SignInName, ...Profile }),
  output: SessionView,
  errors: ['link/invalid', 'setup/closed', 'person/name-taken', 'request/rate-limited'],
})

export const acceptInvitation = route({
  id: 'invitation.redeem', method: 'POST', path: '/invitation', needs: 'public',
  summary: 'Begins the enrolment of an invited person; works again until the enrolment is complete',
  body: Type.Object({ secret: Secret }),
  output: SessionView,
  errors: ['link/invalid', 'request/rate-limited'],
})

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

export const PersonSessionView = Type.Object({
  id: UuidText,
  current: Type.Boolean(),
  method: Type.Unsafe<SignInMethod>({ type: 'string', enum: [...signInMethods], description: 'How it was begun' }),
  agent: Type.String({ description: 'Browser and system, as the browser says; empty when unknown' }),
  created_at: Instant,
  last_seen_at: Instant,
  expires_at: Instant,
})
export type PersonSessionView = Static<typeof PersonSessionView>
const Sessions = Type.Object({ sessions: Type.Array(PersonSessionView) })

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

const personId = Type.Object({ id: UuidText })
const Link = Type.Object({
  link: Type.String({ description: 'URL with the secret behind #; shown only in this answer' }), expires_at: Instant,
})
const Invited = Type.Object({ person: PersonView, invitation: Link })

export const listPersons = route({
  id: 'persons.list', method: 'GET', path: '/persons', needs: 'people:write', summary: 'Persons of the organisation, newest first',
  query: Type.Object(pageQuery),
  output: Type.Object({ persons: Type.Array(PersonView), next: Next }),
  errors: ['request/invalid'],
})

export const invitePerson = route({
  id: 'persons.invite', method: 'POST', path: '/persons', needs: 'people:write', step_up: true,
  summary: 'Adds a person with at most the scopes of the one that asks, and makes a one-time link for them',
  body: Type.Object({ sign_in_name: SignInName, role: RoleName, ...Profile }),
  output: Invited,
  errors: ['person/name-taken', 'auth/forbidden'],
})

export const reinvitePerson = route({
  id: 'persons.reinvite', method: 'POST', path: '/persons/:id/invitation', needs: 'people:write', step_up: true,
  summary: 'Removes all factors and sessions of a person and makes a new link: for who lost their device',
  params: personId,
  output: Invited,
  errors: ['person/not-found', 'person/wrong-state', 'person/last-administrator', 'auth/forbidden'],
})

export const setPersonRole = route({
  id: 'persons.set-role', method: 'PUT', path: '/persons/:id/role', needs: 'people:write', step_up: true, summary: 'Changes what a person may do',
  params: personId,
  body: Type.Object({ role: RoleName }),
  output: PersonView,
  errors: ['person/not-found', 'person/wrong-state', 'person/last-administrator', 'auth/forbidden'],
})

export const setPersonState = route({
  id: 'persons.set-state', method: 'PUT', path: '/persons/:id/state', needs: 'people:write', step_up: true,
  summary: 'Disables a person, whose sessions and tokens then do nothing, or enables them again',
  params: personId,
  body: Type.Object({ state: Type.Union([Type.Literal('active'), Type.Literal('disabled')]) }),
  output: PersonView,
  errors: ['person/not-found', 'person/wrong-state', 'person/last-administrator', 'auth/forbidden'],
})

export const listPersonSessions = route({
  id: 'persons.sessions', method: 'GET', path: '/persons/:id/sessions', needs: 'people:write', summary: 'Sessions of a person, newest first',
  params: personId,
  output: Sessions,
  errors: ['person/not-found'],
})

export const endPersonSession = route({
  id: 'persons.end-session', method: 'DELETE', path: '/persons/:id/sessions/:session_id', needs: 'people:write', summary: 'Ends a session of a person',
  params: Type.Object({ id: UuidText, session_id: UuidText }),
  output: Sessions,
  errors: ['person/not-found', 'session/not-found', 'auth/forbidden'],
})

export const endPersonSessions = route({
  id: 'persons.end-sessions', method: 'DELETE', path: '/persons/:id/sessions', needs: 'people:write', summary: 'Ends all sessions of a person',
  params: personId,
  output: Sessions,
  errors: ['person/not-found', 'auth/forbidden'],
})

export const renewBreakGlass = route({
  id: 'persons.break-glass', method: 'POST', path: '/persons/break-glass', needs: 'people:write', step_up: true,
  summary: 'Makes the emergency account or gives it a new password, shown only in this answer',
  output: Type.Object({ person: PersonView, password: Type.String() }),
  errors: ['auth/forbidden'],
})

export const makeSetupLink = route({
  id: 'setup.link', method: 'POST', path: '/setup/link', needs: 'people:write', summary: 'A new link for the first administrator; the one before ends',
  output: Link,
  errors: ['setup/closed', 'auth/forbidden'],
})

/** Routes of persons, their sessions and factors. */
export const peopleRoutes = [
  getSession, signInByPassword, signInByTotp, passkeySignInOptions, signInByPasskey, signOut, reauthenticate, reauthenticateByPasskey,
  startOidc, finishOidc, setup, acceptInvitation, makeSetupLink, updateMe, getFactors, setPassword, removePassword, beginTotp, confirmTotp,
  renewRecoveryCodes, passkeyOptions, addPasskey, renamePasskey, removePasskey, listMySessions, endMySession, endMySessions,
  listPersons, invitePerson, reinvitePerson, setPersonRole, setPersonState, listPersonSessions, endPersonSession, endPersonSessions, renewBreakGlass,
] as const
