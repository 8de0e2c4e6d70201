import { createHmac, createPrivateKey, createPublicKey } from 'node:crypto'
import type { Channel, Lane } from '../core/channel.ts'
import { sameBytes } from '../core/merkle.ts'
import { pinnedKey, signerOf, type PinnedKey, type Signer } from '../core/keys.ts'

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_KEY_BYTES = 32

export interface Identity {
  readonly signer: Signer
  readonly key: PinnedKey
}

/** A node of the simulation with a key that is the same in every run: node 0 is `xa`, node 1 `xb` … */
export function identity(index: number, generation = 0): Identity {
  const node = `x${String.fromCharCode(97 + index)}`
  const seed = Buffer.alloc(32, index + 1)
  seed[31] = generation
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return { signer: signerOf(node, key), key: pinnedKey(node, spki.subarray(-PUBLIC_KEY_BYTES)) }
}

/** The same node with HMAC-SHA-512 in place of Ed25519: as long, as hard to alter by a bit flip, and ten times as fast. */
export function standIn(real: Identity): Identity {
  const sign = (bytes: Uint8Array): Uint8Array => createHmac('sha512', real.key.public_key).update(bytes).digest()
  return {
    signer: { ...real.signer, sign },
    key: { ...real.key, verify: (bytes, signature) => sameBytes(sign(bytes), signature) },
  }
}

/** The first epoch of a lane; both directions of an edge have one id. */
export function firstChannel(from: string, to: string, lane: Lane): Channel {
  const letters = [from, to].sort().map((node) => node.charCodeAt(1).toString(16).padStart(6, '0')).join('')
  return { from, to, edge: `00000000-0000-4000-8000-${letters}`, lane, epoch: 1 }
}
