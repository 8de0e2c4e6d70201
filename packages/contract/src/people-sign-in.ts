import { Type, type Static } from 'typebox'
import { Assertion, Attempt, Code, Link, maybe, PasskeyOptions, Password, PersonView, Profile, Secret, SignInName } from './people-shapes.ts'
import { route, ScopeName } from './route.ts'
import { Instant, Name, Nothing } from './shapes.ts'

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
  setup_open: Type.Boolean({ description: 'There was no administrator yet: the link that the node printed makes the first' }),
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

export const SignInStep = Type.Object({
  next: Type.Union([Type.Literal('totp'), Type.Literal('done')]),
  attempt: maybe(Attempt),
}, { description: 'done: the cookie of the session is set. totp: send `attempt` with a code' })
export type SignInStep = Static<typeof SignInStep>

export const signInByPassword = route({
  id: 'session.password', method: 'POST', path: '/session/password', needs: 'public',
  summary: 'First step of a sign-in by password; one answer for an unknown name and a wrong password',
  body: Type.Object({ sign_in_name: Type.String({ minLength: 1, maxLength: 200 }), password: Password }),
  output: SignInStep,
  errors: ['sign-in/refused', 'request/rate-limited'],
})

export const signInByTotp = route({
  id: 'session.totp', method: 'POST', path: '/session/totp', needs: 'public', summary: 'Second step after the password',
  body: Type.Object({ attempt: Attempt, code: Code }),
  output: SignInStep,
  errors: ['sign-in/refused', 'sign-in/expired', 'request/rate-limited'],
})

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
  query: Type.Object({
    again: Type.Optional(Type.Boolean({ description: 'Ask for the password there even if signed in there: for re-authentication' })),
    next: Type.Optional(Type.String({ maxLength: 2000, description: 'Path of the page to lead back to; one of another host counts as none' })),
  }),
  output: Nothing,
  errors: ['oidc/unavailable', 'request/rate-limited'],
})

export const finishOidc = route({
  id: 'session.oidc-callback', method: 'GET', path: '/session/oidc/callback', needs: 'public',
  summary: 'Where the identity provider leads back to; leads on to the page of session.oidc or to /sign-in?problem=CODE (303)',
  output: Nothing,
  errors: [],
})

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

export const makeSetupLink = route({
  id: 'setup.link', method: 'POST', path: '/setup/link', needs: 'people:write', summary: 'A new link for the first administrator; the one before ends',
  output: Link,
  errors: ['setup/closed', 'auth/forbidden'],
})

/** Routes of signing in and out, and of the links that begin an enrolment. */
export const signInRoutes = [
  getSession, signInByPassword, signInByTotp, passkeySignInOptions, signInByPasskey, signOut, reauthenticate, reauthenticateByPasskey,
  startOidc, finishOidc, setup, acceptInvitation, makeSetupLink,
] as const
