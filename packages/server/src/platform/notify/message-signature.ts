import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A component of a message that is signed, by its name of RFC 9421 section 2 in lower case, and its value. */
export type Component = readonly [name: string, value: string]

export interface SignatureParameters {
  /** Seconds since 1970. */
  readonly created: number
  readonly nonce?: string
  readonly keyid?: string
  readonly alg?: string
}

/** `sha-256=:…:` (RFC 9530). */
export const contentDigest = (body: Uint8Array): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`

function parametersText(components: readonly Component[], { created, nonce, keyid, alg }: SignatureParameters): string {
  const quoted = (name: string, value: string | undefined) => (value === undefined ? '' : `;${name}="${value}"`)
  return `(${components.map(([name]) => `"${name}"`).join(' ')});created=${created}${quoted('nonce', nonce)}${quoted('keyid', keyid)}${quoted('alg', alg)}`
}

/** The signature base of RFC 9421 section 2.5. */
export function signatureBase(components: readonly Component[], parameters: SignatureParameters): string {
  return [...components.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parametersText(components, parameters)}`].join('\n')
}

/** Signs by hmac-sha256 (RFC 9421 section 3.3.3); gives the values of `Signature-Input` and `Signature` under `label`. */
export function signHmac(label: string, components: readonly Component[], parameters: SignatureParameters, key: Uint8Array): { readonly input: string, readonly signature: string } {
  const mac = createHmac('sha256', key).update(signatureBase(components, parameters)).digest('base64')
  return { input: `${label}=${parametersText(components, parameters)}`, signature: `${label}=:${mac}:` }
}

/** Whether `signature` is that of `signHmac` over the same. */
export function verifyHmac(label: string, components: readonly Component[], parameters: SignatureParameters, key: Uint8Array, signature: string): boolean {
  const [given, right] = [Buffer.from(signature), Buffer.from(signHmac(label, components, parameters, key).signature)]
  return given.length === right.length && timingSafeEqual(given, right)
}
