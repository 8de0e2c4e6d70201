import type { World } from './world.ts'

declare const idBrand: unique symbol
/** A random UUIDv4 in lower case. Time-ordered ids are not used: they leak when a thing was made. */
export type Uuid = string & { readonly [idBrand]: true }

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (text: string): text is Uuid => shape.test(text)

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Text of the 16 bytes at `offset`. */
export function uuidFromBytes(bytes: Uint8Array, offset = 0): Uuid {
  let text = ''
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-'
    text += hex[bytes[offset + i]!]
  }
  return text as Uuid
}

/** The 16 bytes of `id`. */
export function uuidToBytes(id: Uuid): Uint8Array {
  const digits = id.replaceAll('-', '')
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}

/** RFC 9562 section 5.4. */
export function uuidV4(world: Pick<World, 'random'>): Uuid {
  const bytes = world.random(16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return uuidFromBytes(bytes)
}
