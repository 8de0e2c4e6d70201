import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { realWorld } from '@hirundo/base'

/** CBOR (RFC 8949) of what an authenticator sends: integers, bytes, text and maps with keys in the order given. */
function cbor(value: number | string | Uint8Array | Map<number | string, unknown>): Buffer {
  const head = (major: number, n: number): Buffer =>
    n < 24 ? Buffer.of((major << 5) | n) : n < 256 ? Buffer.of((major << 5) | 24, n) : Buffer.of((major << 5) | 25, n >> 8, n & 255)
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, one]) => [cbor(key), cbor(one as never)])])
}

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest()
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

interface Credential {
  readonly id: Buffer
  readonly key: KeyObject
  readonly rp_id: string
  readonly user: string
}

const USER_PRESENT = 1
const USER_VERIFIED = 4
const ATTESTED = 64

export interface Wishes {
  /** Where the page says it is. */
  readonly origin: string
  readonly verified?: boolean
  readonly format?: string
  readonly type?: string
}

/** A passkey provider in software: ES256, attestation none, a counter (WebAuthn Level 3, sections 6.1 and 6.5.4). */
export class SoftwareAuthenticator {
  readonly credentials: Credential[] = []
  counter = 0

  #data(rp_id: string, { verified = true }: Wishes, attested = Buffer.alloc(0)): Buffer {
    const head = Buffer.alloc(5)
    head[0] = USER_PRESENT | (verified ? USER_VERIFIED : 0) | (attested.length > 0 ? ATTESTED : 0)
    head.writeUInt32BE(this.counter++, 1)
    return Buffer.concat([sha256(rp_id), head, attested])
  }

  #client(type: string, challenge: unknown, origin: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  }

  // oxlint-disable-next-line no-explicit-any
  create(options: any, wishes: Wishes): object {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = publicKey.export({ format: 'jwk' })
    const cose = cbor(new Map<number, number | Buffer>([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(jwk.x!, 'base64url')], [-3, Buffer.from(jwk.y!, 'base64url')]]))
    const id = Buffer.from(realWorld.random(32))
    this.credentials.push({ id, key: privateKey, rp_id: options.rp.id, user: options.user.id })
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, cose])
    const attestation = cbor(new Map<string, unknown>([['fmt', wishes.format ?? 'none'], ['attStmt', new Map()], ['authData', this.#data(options.rp.id, wishes, attested)]]))
    return {
      id: text(id), rawId: text(id), type: 'public-key', clientExtensionResults: {},
      response: { clientDataJSON: text(this.#client(wishes.type ?? 'webauthn.create', options.challenge, wishes.origin)), attestationObject: text(attestation), transports: ['internal'] },
    }
  }

  // oxlint-disable-next-line no-explicit-any
  get(options: any, wishes: Wishes, credential = this.credentials.at(-1)!): { id: string; response: Record<string, string> } {
    const data = this.#data(options.rpId, wishes)
    const client = this.#client(wishes.type ?? 'webauthn.get', options.challenge, wishes.origin)
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), credential.key)
    return {
      id: text(credential.id), rawId: text(credential.id), type: 'public-key', clientExtensionResults: {},
      response: { clientDataJSON: text(client), authenticatorData: text(data), signature: text(signature), userHandle: credential.user },
    } as never
  }
}
