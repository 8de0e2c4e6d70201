import { rootOf, type CompactRange } from './merkle.ts'

/** A compact range as plain JSON, for states that are stored. */
export interface RangeText {
  readonly size: number
  /** Base64. */
  readonly peaks: readonly string[]
}

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
export const fromBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64')

export const rangeText = ({ size, peaks }: CompactRange): RangeText => ({ size, peaks: peaks.map(toBase64) })
export const rangeOf = ({ size, peaks }: RangeText): CompactRange => ({ size, peaks: peaks.map(fromBase64) })
export const rootText = (range: CompactRange): string => toBase64(rootOf(range))

export const emptyRangeText: RangeText = { size: 0, peaks: [] }
