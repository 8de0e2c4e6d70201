import { addPasskey, passkeyOptions, passkeySignInOptions, type signInByPasskey, type CallInput, type FactorsView } from '@hirundo/contract'
import { startAuthentication, startRegistration, type PublicKeyCredentialCreationOptionsJSON, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { call } from '../api/api.ts'

/** What the browser or the person said no to; `known`: this device has a passkey of this account already. */
export class PasskeyError extends Error {
  readonly reason: 'declined' | 'known' | 'failed'
  constructor(reason: PasskeyError['reason'], cause: unknown) {
    super(reason, { cause })
    this.reason = reason
  }
}

function reasonOf(error: unknown): PasskeyError['reason'] {
  const name = error instanceof Error ? error.name : ''
  if (name === 'InvalidStateError') return 'known'
  return name === 'NotAllowedError' || name === 'AbortError' ? 'declined' : 'failed'
}

async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new PasskeyError(reasonOf(error), error)
  }
}

export type Assertion = CallInput<typeof signInByPasskey>['body']

/** Asks the browser for a passkey of this node. `autofill`: it is offered where the name is typed, and waits there. */
export async function askPasskey({ autofill = false } = {}): Promise<Assertion> {
  const { attempt, options } = await call(passkeySignInOptions, {})
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  const response = await asked(() => startAuthentication({ optionsJSON, useBrowserAutofill: autofill }))
  return { attempt, response: response as unknown as Assertion['response'] }
}

/** Makes a passkey on this device and registers it under `name`. */
export async function makePasskey(name: string): Promise<FactorsView> {
  const { attempt, options } = await call(passkeyOptions, {})
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON
  const response = await asked(() => startRegistration({ optionsJSON }))
  return call(addPasskey, { body: { attempt, name, response: response as never } })
}

interface WithHints { readonly userAgentData?: { readonly platform?: string } }

/** What this device may be called, as the browser says; empty when it does not. */
export const deviceName = (): string => (navigator as WithHints).userAgentData?.platform ?? ''
