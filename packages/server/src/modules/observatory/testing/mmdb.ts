/** A value of a MaxMind DB. */
export type MmdbValue = string | number | { readonly [key: string]: MmdbValue } | readonly string[]

/** Sizes from 29 to 284 take a byte of their own. */
function text(value: string): Buffer {
  const size = value.length < 29 ? [(2 << 5) | value.length] : [(2 << 5) | 29, value.length - 29]
  return Buffer.concat([Buffer.from(size), Buffer.from(value)])
}

/** Data field formats of MaxMind DB 2.0; ASCII strings below 285, maps below 29. */
function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(5)
    bytes[0] = (6 << 5) | 4
    bytes.writeUInt32BE(value, 1)
    return bytes
  }
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([value.length, 4]), ...(value as string[]).map(text)])
  const entries = Object.entries(value)
  return Buffer.concat([Buffer.from([(7 << 5) | entries.length]), ...entries.flatMap(([key, one]) => [text(key), encode(one)])])
}

type Child = number | { readonly data: number } | undefined

/** An IPv4 MaxMind DB of networks given as (four octets, prefix length, record), apart from each other. */
export function mmdb(networks: readonly (readonly [readonly [number, number, number, number], number, MmdbValue])[]): Buffer {
  const nodes: [Child, Child][] = [[undefined, undefined]]
  const data: Buffer[] = []
  let offset = 0
  for (const [octets, bits, record] of networks) {
    let node = 0
    for (let depth = 0; depth < bits; depth++) {
      const side = (octets[depth >> 3]! >> (7 - (depth & 7))) & 1
      if (depth === bits - 1) nodes[node]![side] = { data: offset }
      else {
        const next = nodes[node]![side]
        if (typeof next !== 'number') nodes.push([undefined, undefined])
        node = typeof next === 'number' ? next : (nodes[node]![side] = nodes.length - 1)
      }
    }
    data.push(encode(record))
    offset += data.at(-1)!.length
  }
  const tree = Buffer.alloc(nodes.length * 6)
  const number = (child: Child) => (child === undefined ? nodes.length : typeof child === 'number' ? child : nodes.length + 16 + child.data)
  nodes.forEach((pair, i) => pair.forEach((child, side) => tree.writeUIntBE(number(child), i * 6 + side * 3, 3)))
  const metadata = encode({
    node_count: nodes.length, record_size: 24, ip_version: 4, database_type: 'test', languages: ['en'],
    binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 1, description: { en: 'test' },
  })
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), metadata])
}
