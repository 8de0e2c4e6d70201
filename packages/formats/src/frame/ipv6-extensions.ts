/** Headers walked at most; what follows them is the protocol of the row, without ports. */
const HEADERS_MAX = 16

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION = 60
const MOBILITY = 135
const HIP = 139
const SHIM6 = 140

/** Where the walk stands: next header, its place, and whether it lies in a fragment that is not the first. */
export interface HeaderWalk {
  protocol: number
  at: number
  fragment: boolean
}

/** Moves `walk` past extension headers (RFC 8200, 4302) as far as bytes[…, end) go. */
export function skipExtensions(bytes: Uint8Array, view: DataView, end: number, walk: HeaderWalk): void {
  walk.fragment = false
  for (let headers = 0; headers < HEADERS_MAX && !walk.fragment; headers++) {
    const { at } = walk
    const length = headerBytes(walk.protocol, bytes, at, end)
    if (length === 0) return
    if (walk.protocol === FRAGMENT) walk.fragment = view.getUint16(at + 2) >> 3 !== 0
    walk.protocol = bytes[at]!
    walk.at = at + length
  }
}

/** Length of the extension header at `at`; 0 if this is none or it is cut off. */
function headerBytes(of: number, bytes: Uint8Array, at: number, end: number): number {
  if (at + 8 > end) return 0
  switch (of) {
    case FRAGMENT:
      return 8
    case AUTHENTICATION:
      return (bytes[at + 1]! + 2) * 4
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION:
    case MOBILITY:
    case HIP:
    case SHIM6:
      return (bytes[at + 1]! + 1) * 8
    default:
      return 0
  }
}
