import { cidrContains, cidrWithin, fail, ok, parseAddress, parseCidr, specialPurposes, unwrap, type AddressBytes, type Cidr, type Result } from '@hirundo/base'

/** One way out that the operator opened: this host, as long as its name leads to an address of this network. */
export interface AllowedTarget {
  /** Name or address, compared whole and without regard to case. */
  readonly host: string
  readonly cidr: string
  /** 443, or 80 with `http`, when absent. */
  readonly port?: number
  /** Without TLS: for tests and closed networks. */
  readonly http?: boolean
}

export interface OutboundTarget {
  readonly url: URL
  /** In lower case; an IPv6 address without brackets. */
  readonly host: string
  readonly port: number
  readonly secure: boolean
}

const url_chars_max = 500

/**
 * A URL that a request may be sent to at all. The host is what the WHATWG parser makes of it, so that `2130706433` and
 * `0x7f.1` are the address that they mean. Problem: `subscription/target-refused` with `reason: url`.
 */
export function parseTarget(text: string): Result<OutboundTarget> {
  const refused = fail('subscription/target-refused', { reason: 'url' })
  // The parser drops these silently; somebody else might read them otherwise.
  if (text.length > url_chars_max || /[\s\p{Cc}\\]/u.test(text) || !URL.canParse(text)) return refused
  const url = new URL(text)
  if (!['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '' || url.hash !== '' || url.hostname === '') return refused
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase()
  return ok({ url, host, secure, port: url.port === '' ? (secure ? 443 : 80) : Number(url.port) })
}

const network = (text: string): Cidr => unwrap(parseCidr(text))

/** Where nothing outside can be reached, whatever the list says: this network, link-local (also of clouds' metadata), multicast, reserved. */
const never = ['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8'].map(network)

/** Blocks that a wide network of the list does not open: only one that lies within them. The last ones carry IPv4 addresses. */
const onlyIfNamed = [...specialPurposes.map(({ cidr }) => network(cidr)), ...['64:ff9b::/96', '2002::/16', '2001::/32', '::/96'].map(network)]

function opens(cidr: Cidr, address: AddressBytes): boolean {
  if (!cidrContains(cidr, address) || never.some((block) => cidrContains(block, address))) return false
  return onlyIfNamed.every((block) => !cidrContains(block, address) || cidrWithin(cidr, block))
}

const standardPort = (entry: AllowedTarget) => entry.port ?? (entry.http ? 80 : 443)

/** Entries under which a target may be, before it is known where its name leads. */
export const entriesFor = ({ host, port, secure }: OutboundTarget, allowed: readonly AllowedTarget[]): readonly AllowedTarget[] =>
  allowed.filter((entry) => entry.host.toLowerCase().replace(/^\[|\]$/g, '').replace(/\.$/, '') === host && standardPort(entry) === port && secure !== (entry.http ?? false))

/** Whether one of the entries opens the way to `address`. */
export const opensAddress = (entries: readonly AllowedTarget[], address: AddressBytes): boolean => entries.some((entry) => {
  const cidr = parseCidr(entry.cidr)
  return cidr.ok && opens(cidr.value, address)
})

const loopbacks = ['127.0.0.0/8', '::1/128'].map(network)
export const isLoopback = (address: AddressBytes): boolean => loopbacks.some((block) => cidrContains(block, address))

/** The bytes of an address that a resolver gave; a zone (`%eth0`) makes it one that is never reached. */
export const addressOf = (text: string): AddressBytes | undefined => {
  const parsed = parseAddress(text)
  return parsed.ok ? parsed.value : undefined
}
