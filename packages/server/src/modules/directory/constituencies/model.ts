import { domainToASCII } from 'node:url'
import { cidrContains, fail, formatCidr, maskTo, ok, parseAddress, parseCidr, unwrap, type Cidr, type Result } from '@hirundo/base'
import type { ConstituencyKind } from '@hirundo/contract'

const ASN_MAX = 4_294_967_294
const V4_OFFSET = 96
/** Wider networks are nobody's: they would hold most of what anybody else answers for. */
const bits_min = { v4: V4_OFFSET + 8, v6: 16 }
const mapped = unwrap(parseAddress('::ffff:0.0.0.0'))
const DOMAIN_CHARS_MAX = 253
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

function readCidr(text: string): string | undefined {
  const cidr = parseCidr(text)
  if (!cidr.ok) return undefined
  const { value } = cidr
  const v4 = cidrContains({ bytes: mapped, bits: V4_OFFSET }, value.bytes) && value.bits >= V4_OFFSET
  // ::/16 would hold all of IPv4, which is mapped into it.
  if (!v4 && cidrContains(value, mapped)) return undefined
  return value.bits >= (v4 ? bits_min.v4 : bits_min.v6) ? formatCidr(value) : undefined
}

function readAsn(text: string): string | undefined {
  const digits = /^as\d/i.test(text) ? text.slice(2) : text
  return /^[1-9]\d{0,9}$/.test(digits) && Number(digits) <= ASN_MAX ? digits : undefined
}

function readDomain(text: string): string | undefined {
  // A dot at the end is how some write that nothing follows.
  const ascii = domainToASCII(text.endsWith('.') ? text.slice(0, -1) : text)
  const labels = ascii.split('.')
  // What looks like an address is none of ours to read as a name.
  const looks = ascii.length <= DOMAIN_CHARS_MAX && labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1)!)
  return looks ? ascii : undefined
}

const readers: Readonly<Record<ConstituencyKind, (text: string) => string | undefined>> = {
  cidr: readCidr, asn: readAsn, domain: readDomain, economy: (text) => (/^[A-Z]{2}$/.test(text) ? text : undefined),
}

/** The one written form of what a team says it answers for. Problem: `request/invalid`. */
export function readValue(kind: ConstituencyKind, text: string): Result<string> {
  const value = readers[kind](text.trim())
  return value === undefined ? fail('request/invalid', { what: kind, value: text.slice(0, 64) }) : ok(value)
}

/** One thing that somebody claims, in its written form. */
export interface Place {
  readonly kind: ConstituencyKind
  readonly value: string
}

const networkKey = ({ bytes, bits }: Cidr): string => `cidr ${bits} ${Buffer.from(maskTo(bytes, bits)).toString('hex')}`
export const keyOf = ({ kind, value }: Place): string => (kind === 'cidr' ? networkKey(unwrap(parseCidr(value))) : `${kind} ${value}`)

/** Keys of all networks that hold `cidr`, itself too, widest first; of the prefix lengths in use only. */
export const networksAround = (cidr: Cidr, lengths: readonly number[]): string[] => lengths.filter((bits) => bits <= cidr.bits).map((bits) => networkKey({ bytes: cidr.bytes, bits }))

const domainsAround = (value: string): string[] => value.split('.').map((_, i, labels) => `domain ${labels.slice(labels.length - 1 - i).join('.')}`)

/** Places by key, and the prefix lengths in use. */
export class Places<P extends Place> {
  readonly #by_key = new Map<string, P[]>()
  readonly #lengths: readonly number[]

  constructor(places: readonly P[]) {
    for (const place of places) {
      const key = keyOf(place)
      const there = this.#by_key.get(key)
      if (there) there.push(place)
      else this.#by_key.set(key, [place])
    }
    const lengths = places.flatMap(({ kind, value }) => (kind === 'cidr' ? [unwrap(parseCidr(value)).bits] : []))
    this.#lengths = [...new Set(lengths)].toSorted((a, b) => a - b)
  }

  at(key: string): readonly P[] {
    return this.#by_key.get(key) ?? []
  }

  /** Networks that hold `cidr`, widest first. */
  around(cidr: Cidr): P[] {
    return networksAround(cidr, this.#lengths).flatMap((key) => this.at(key))
  }

  /** Places that hold all of `place`, equal ones too. An AS and a network are not compared: which network is whose changes by the hour. */
  holding({ kind, value }: Place): P[] {
    if (kind === 'cidr') return this.around(unwrap(parseCidr(value)))
    return (kind === 'domain' ? domainsAround(value) : [`${kind} ${value}`]).flatMap((key) => this.at(key))
  }
}
