import { Type, type Static } from 'typebox'
import { languages, type Language } from './messages/index.ts'
import { scopes, type Scope } from './route.ts'
import { Instant, Name, NOT_IN_NAMES, UuidText } from './shapes.ts'

/** What a person may do, least first. Each role may all that the one before it may. */
export const roles = ['viewer', 'analyst', 'coordinator', 'administrator'] as const
export type Role = (typeof roles)[number]

/** Decides on the node as a whole. Only who is of the organisation that the node began with has it, whatever their role. */
export const nodeScope: Scope = 'node:operate'

const reading = ['observatory:read', 'sensors:read', 'findings:read', 'directory:read'] as const
const judging = [...reading, 'content:read', 'findings:write', 'policy:read'] as const

/** The scopes of a person's sessions, and the most that their tokens can have; in other organisations without `nodeScope`. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: reading,
  analyst: judging,
  coordinator: [...judging, 'bulletins:release', 'directory:write', 'sensors:write', 'audit:read', 'policy:write'],
  administrator: scopes,
}

export const personStates = ['invited', 'active', 'disabled'] as const
export type PersonState = (typeof personStates)[number]

export const signInMethods = ['passkey', 'password', 'oidc', 'break-glass', 'link'] as const
export type SignInMethod = (typeof signInMethods)[number]

export const RoleName = Type.Unsafe<Role>({ type: 'string', enum: [...roles] })
const StateName = Type.Unsafe<PersonState>({ type: 'string', enum: [...personStates] })
export const LanguageName = Type.Unsafe<Language>({ type: 'string', enum: [...languages], description: 'BCP 47' })
export const TimeZone = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_+/-]+$', description: 'IANA name, e.g. Asia/Tokyo' })
export const SignInName = Type.String({
  minLength: 3, maxLength: 200, pattern: `^[^\\s@${NOT_IN_NAMES}]+@[^\\s@${NOT_IN_NAMES}]+$`,
  description: 'Looks like an e-mail address; compared without regard to case. No mail is sent to it',
})
export const Secret = Type.String({ minLength: 1, maxLength: 100, description: 'What stands behind # in the link' })
export const maybe = <S extends Parameters<typeof Type.Array>[0]>(schema: S) => Type.Union([schema, Type.Null()])

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

export const Attempt = Type.String({ minLength: 1, maxLength: 100, description: 'Names a sign-in under way; valid for a few minutes and once' })

export const Password = Type.String({ minLength: 1, maxLength: 256 })

export const Code = Type.String({ minLength: 6, maxLength: 40, description: 'Six digits of TOTP, or a recovery code' })

const Base64Url = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' })
export const PasskeyOptions = Type.Object({
  attempt: Attempt,
  options: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON form of WebAuthn Level 3; pass it to the browser' }),
})
const credential = { id: Base64Url(1400), rawId: Base64Url(1400), type: Type.Literal('public-key'), clientExtensionResults: Type.Record(Type.String(), Type.Unknown()) }
export const Assertion = Type.Object({
  ...credential,
  response: Type.Object({
    clientDataJSON: Base64Url(8000), authenticatorData: Base64Url(8000), signature: Base64Url(8000), userHandle: Type.Optional(Base64Url(200)),
  }),
}, { description: 'AuthenticationResponseJSON of WebAuthn Level 3' })
export const Attestation = Type.Object({
  ...credential,
  response: Type.Object({
    clientDataJSON: Base64Url(8000), attestationObject: Base64Url(32_000), transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 16 })),
  }),
}, { description: 'RegistrationResponseJSON of WebAuthn Level 3' })

export const Profile = { name: Name, language: Type.Optional(LanguageName), time_zone: Type.Optional(TimeZone) }

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
export const Sessions = Type.Object({ sessions: Type.Array(PersonSessionView) })

export const Link = Type.Object({
  link: Type.String({ description: 'URL with the secret behind #; shown only in this answer' }), expires_at: Instant,
})
