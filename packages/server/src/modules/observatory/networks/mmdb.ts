import { readFile } from 'node:fs/promises'
import { formatAddress } from '@hirundo/base'
import { Reader } from 'mmdb-lib'

const file_bytes_max = 1024 * 1024 * 1024
const V4_BITS = 96

/** One child of a node of the search tree (MaxMind DB format 2.0, "Binary Search Tree Section"). */
function child(tree: Buffer, record_bits: number, node: number, right: boolean): number {
  const at = node * (record_bits / 4)
  if (record_bits === 24) return tree.readUIntBE(at + (right ? 3 : 0), 3)
  if (record_bits === 32) return tree.readUInt32BE(at + (right ? 4 : 0))
  const middle = tree[at + 3]!
  return right ? ((middle & 0x0f) << 24) | tree.readUIntBE(at + 4, 3) : ((middle & 0xf0) << 20) | tree.readUIntBE(at, 3)
}

function cidrText(bits: Uint8Array, depth: number, v6_tree: boolean): string {
  if (!v6_tree) return `${bits[0]}.${bits[1]}.${bits[2]}.${bits[3]}/${depth}`
  // IPv4 stands below ::/96 of the tree.
  if (depth >= V4_BITS && bits.subarray(0, 12).every((byte) => byte === 0)) {
    return `${bits[12]}.${bits[13]}.${bits[14]}.${bits[15]}/${depth - V4_BITS}`
  }
  return `${formatAddress(bits)}/${depth}`
}

/** Every network of a MaxMind DB with its record. Aliases of the IPv4 tree (6to4, mapped) are left out. */
export async function* mmdbRows(path: string): AsyncGenerator<readonly [string, unknown]> {
  const file = await readFile(path)
  if (file.length > file_bytes_max) throw new Error('the MMDB is larger than 1 GiB')
  const reader = new Reader<never>(file)
  const { nodeCount, recordSize, ipVersion } = reader.metadata
  const v6_tree = ipVersion === 6
  const seen = new Set<number>()
  const stack: { node: number; depth: number; bits: Uint8Array }[] = [{ node: 0, depth: 0, bits: new Uint8Array(16) }]
  while (stack.length > 0) {
    const { node, depth, bits } = stack.pop()!
    if (node === nodeCount || depth > 128) continue
    if (node > nodeCount) {
      const text = cidrText(bits, depth, v6_tree)
      yield [text, reader.get(text.slice(0, text.indexOf('/')))]
      continue
    }
    // A node met twice is the IPv4 tree under another prefix, or a loop that somebody built.
    if (seen.has(node)) continue
    seen.add(node)
    const right = bits.slice()
    right[depth >> 3]! |= 0x80 >> (depth & 7)
    stack.push({ node: child(file, recordSize, node, true), depth: depth + 1, bits: right })
    stack.push({ node: child(file, recordSize, node, false), depth: depth + 1, bits })
  }
}
