import { createHash } from 'node:crypto'
import { formatAddress, parseAddress } from '@hirundo/base'
import type { Subject } from '@hirundo/contract'

const signature_chars_max = 200
const value_chars_max = 600

/** Text of strangers as PostgreSQL takes it: no NUL, no half of a surrogate pair, not longer than `max`. */
export const keptText = (text: string, max: number): string => text.slice(0, max).toWellFormed().replaceAll('\0', '\ufffd')

const keptAddress = (text: string): string => {
  const address = parseAddress(text)
  return address.ok ? formatAddress(address.value) : keptText(text, 64)
}

/** A subject in its one written form: parts in a fixed order, addresses as we write them. */
export function keptSubject({ victim, source, protocol, port, signature, novelty, value }: Subject): Subject {
  return {
    ...(victim === undefined ? {} : { victim: keptAddress(victim) }), ...(source === undefined ? {} : { source: keptAddress(source) }),
    ...(protocol === undefined ? {} : { protocol: keptText(protocol.toLowerCase(), 40) }), ...(port === undefined ? {} : { port }),
    ...(signature === undefined ? {} : { signature: keptText(signature, signature_chars_max) }),
    ...(novelty === undefined ? {} : { novelty }), ...(value == null ? {} : { value: keptText(value, value_chars_max) }),
  }
}

/** SHA-256 of a kept subject: two are the same when all their parts are. */
export const subjectKey = (kept: Subject): Buffer => createHash('sha256').update(JSON.stringify(kept)).digest()

/** Its address as a store can compare it; null where there is none. */
export function addressIn(text: string | undefined): string | null {
  if (text === undefined) return null
  return parseAddress(text).ok ? text : null
}
