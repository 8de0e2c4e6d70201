/** Link types (tcpdump.org/linktypes.html) whose frames are read; frames of all others are `not_ip`. */
export const linkType = {
  null: 0, ethernet: 1, raw_bsd: 12, raw_openbsd: 14, raw: 101, loop: 108, sll: 113, ipv4: 228, ipv6: 229, sll2: 276,
} as const

/** What findNetwork gives instead of a place. */
export const NOT_IP = -1
export const MALFORMED = -2

const ETHERTYPE_IPV4 = 0x0800
const ETHERTYPE_IPV6 = 0x86dd
const ARPHRD_NETLINK = 824
/** More tags than any provider stacks; a frame with more is malformed. */
const VLAN_TAGS_MAX = 8
const families6: ReadonlySet<number> = new Set([10, 24, 28, 30])

/**
 * Where the IP header of the frame bytes[start, end) begins: offset × 2, + 1 when the link says IPv6; or NOT_IP or
 * MALFORMED (the link header is cut off).
 */
export function findNetwork(bytes: Uint8Array, start: number, end: number, link: number): number {
  switch (link) {
    case linkType.ethernet:
      return byEthertype(bytes, start + 12, start + 14, end)
    case linkType.sll:
      if (end - start >= 16 && word(bytes, start + 2) === ARPHRD_NETLINK) return NOT_IP
      return byEthertype(bytes, start + 14, start + 16, end)
    case linkType.sll2:
      if (end - start >= 20 && word(bytes, start + 8) === ARPHRD_NETLINK) return NOT_IP
      return end - start < 20 ? MALFORMED : byEthertype(bytes, start, start + 20, end)
    case linkType.raw_bsd:
    case linkType.raw_openbsd:
    case linkType.raw:
      return byVersion(bytes, start, end)
    case linkType.ipv4:
      return start * 2
    case linkType.ipv6:
      return start * 2 + 1
    case linkType.null:
    case linkType.loop:
      return byFamily(bytes, start, end)
    default:
      return NOT_IP
  }
}

const word = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!

/** `type_at`: where the EtherType stands; `at`: what follows the link header. */
function byEthertype(bytes: Uint8Array, type_at: number, at: number, end: number): number {
  if (at > end) return MALFORMED
  let type = word(bytes, type_at)
  for (let tags = 0; isVlan(type); tags++) {
    if (tags === VLAN_TAGS_MAX || at + 4 > end) return MALFORMED
    type = word(bytes, at + 2)
    at += 4
  }
  if (type === ETHERTYPE_IPV4) return at * 2
  return type === ETHERTYPE_IPV6 ? at * 2 + 1 : NOT_IP
}

/** 802.1Q, 802.1ad and what QinQ used before it. */
const isVlan = (type: number): boolean => type === 0x8100 || type === 0x88a8 || type === 0x9100

function byVersion(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return MALFORMED
  const version = bytes[start]! >> 4
  if (version === 4) return start * 2
  return version === 6 ? start * 2 + 1 : MALFORMED
}

/** The address family is in the writer's byte order (NULL) or big endian (LOOP); it is below 256, so either is seen. */
function byFamily(bytes: Uint8Array, start: number, end: number): number {
  if (start + 4 > end) return MALFORMED
  const family = bytes[start]! | bytes[start + 3]!
  if (bytes[start + 1] !== 0 || bytes[start + 2] !== 0) return NOT_IP
  if (family === 2) return (start + 4) * 2
  return families6.has(family) ? (start + 4) * 2 + 1 : NOT_IP
}
