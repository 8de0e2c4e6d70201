/** Small helpers for dialogues over bytes that strangers sent. */

export { urlsIn } from '@hirundo/formats'

export const NOTHING = new Uint8Array(0)

/** ASCII or UTF-8 text as bytes. */
export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8')

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts)

/** Bytes written as hexadecimal digits; spaces are for the reader. */
export const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Text of bytes, one character for each: nothing is lost and patterns see every byte. */
export const latin1 = (bytes: Uint8Array, from = 0, to = bytes.length): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', from, to)

/** Text of bytes that are mostly UTF-8; what is not becomes U+FFFD. */
export const utf8 = (bytes: Uint8Array, from = 0, to = bytes.length): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', from, to)

export const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean =>
  bytes.length >= start.length && start.every((byte, place) => bytes[place] === byte)

/** Numbers one after the other, little endian. */
export function u16le(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(2 * values.length)
  values.forEach((value, place) => bytes.writeUInt16LE(value & 0xffff, 2 * place))
  return bytes
}

export function u32le(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, place) => bytes.writeUInt32LE(value >>> 0, 4 * place))
  return bytes
}

/** Numbers one after the other, big endian. */
export function u16be(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(2 * values.length)
  values.forEach((value, place) => bytes.writeUInt16BE(value & 0xffff, 2 * place))
  return bytes
}

export function u32be(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, place) => bytes.writeUInt32BE(value >>> 0, 4 * place))
  return bytes
}

/** The line at the start of `bytes`, without its end; undefined while it has none. A line longer than `bytes_max` ends there. */
export function lineOf(bytes: Uint8Array, bytes_max: number): { readonly text: string; readonly bytes: number } | undefined {
  const end = bytes.indexOf(0x0a)
  if (end >= 0 && end < bytes_max) return { text: utf8(bytes, 0, end > 0 && bytes[end - 1] === 0x0d ? end - 1 : end), bytes: end + 1 }
  return bytes.length >= bytes_max ? { text: utf8(bytes, 0, bytes_max), bytes: bytes_max } : undefined
}
