import { joined, latin1 } from '../bytes.ts'

/** One element of BER (X.690) with a short tag and a definite length. */
export interface Element {
  readonly tag: number
  readonly content: Uint8Array
  /** With tag and length. */
  readonly bytes: number
}

/** The element at `at`, or undefined when there is none that is whole. */
export function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) return undefined
  let length = first
  let start = at + 2
  if (first > 0x7f) {
    const count = first & 0x7f
    if (count === 0 || count > 3) return undefined
    length = 0
    for (let place = 0; place < count; place++) length = length * 256 + (bytes[start++] ?? Number.NaN)
  }
  const end = start + length
  return end <= bytes.length ? { tag, content: bytes.subarray(start, end), bytes: end - at } : undefined
}

/** The elements of a content, at most `count_max` of them; what is not whole ends the list. */
export function elementsOf(content: Uint8Array, count_max: number): Element[] {
  const elements: Element[] = []
  for (let at = 0; elements.length < count_max; ) {
    const element = elementAt(content, at)
    if (!element) break
    elements.push(element)
    at += element.bytes
  }
  return elements
}

/** An element of up to 65,535 bytes. */
export function ber(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(...parts)
  const { length } = content
  const head = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  return joined(Uint8Array.from(head), content)
}

export const octets = (text: string): Uint8Array => ber(0x04, Buffer.from(text, 'latin1'))

/** An object identifier's text (1.3.6.1…), at most 32 numbers of it. */
export function oidText(content: Uint8Array): string {
  const numbers: number[] = []
  let value = 0
  for (const byte of content.subarray(0, 128)) {
    value = (value & 0x1ff_ffff) * 128 + (byte & 0x7f)
    if (byte > 0x7f) continue
    if (numbers.length === 0) numbers.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)))
    else numbers.push(value)
    value = 0
    if (numbers.length >= 32) break
  }
  return numbers.join('.')
}

export const textOf = (element: Element): string => latin1(element.content)
