import { parseAddress, unwrap } from '@hirundo/base'
import type { StoredInteraction } from '../interactions/model.ts'
import type { Block } from '../model.ts'

/** An interaction as the naive answers see it. */
export interface Heard extends StoredInteraction {
  readonly organisation: number
}

/** One that says little; tests name what they are about. */
export const heard = (of: Partial<Heard> & Pick<Heard, 'organisation' | 'sensor' | 'at_ms' | 'source'>): Heard => ({
  clock_error_ms: -1, src_port: 40_000, dst_port: 23, transport: 'tcp', handshake: 'completed', protocol: 'telnet', requests: 1, bytes_in: 10,
  bytes_out: 5, duration_ms: 0, truncated: false, payload_sha256: '', sample: new Uint8Array(0), logins: [], urls: [], facts: {}, guess_name: '',
  guess_rule: '', ...of,
})

function head(row: Heard): Buffer {
  const out = Buffer.alloc(59)
  out.writeBigInt64LE(BigInt(row.at_ms), 0)
  out.writeInt32LE(row.clock_error_ms, 8)
  out.set(unwrap(parseAddress(row.source)), 12)
  out.writeUInt16LE(row.src_port, 28)
  out.writeUInt16LE(row.dst_port, 30)
  out[32] = row.transport === 'tcp' ? 0 : 1
  out[33] = ['none', 'completed', 'dialogue'].indexOf(row.handshake)
  out.writeUInt32LE(row.requests, 34)
  out.writeBigUInt64LE(BigInt(row.bytes_in), 38)
  out.writeBigUInt64LE(BigInt(row.bytes_out), 46)
  out.writeUInt32LE(row.duration_ms, 54)
  out[58] = row.truncated ? 1 : 0
  return out
}

function varint(n: number): Buffer {
  const bytes: number[] = []
  for (let rest = n; ; rest >>>= 7) {
    bytes.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) return Buffer.from(bytes)
  }
}

const counted = (bytes: Uint8Array): Buffer => Buffer.concat([varint(bytes.length), bytes])
const text = (value: string): Buffer => counted(Buffer.from(value))
const list = (items: readonly (readonly string[])[]): Buffer => Buffer.concat([varint(items.length), ...items.flat().map(text)])

/** RowBinary of one row with its length before it. */
export function encodeHeard(row: Heard): Buffer {
  const bytes = Buffer.concat([
    head(row), text(row.protocol), counted(Buffer.from(row.payload_sha256, 'hex')), counted(row.sample),
    list(row.logins.map(({ user, password }) => [user, password])), list(row.urls.map((url) => [url])), list(Object.entries(row.facts)),
    text(row.guess_name), text(row.guess_rule),
  ])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** The rows as one block, a run for each organisation and sensor. */
export function heardBlock(id: bigint, rows: readonly Heard[]): Block {
  const runs = Map.groupBy(rows, ({ organisation, sensor }) => `${organisation}/${sensor}`)
  return {
    id, table: 'interaction',
    runs: [...runs.values()].map((run) => ({ organisation: run[0]!.organisation, sensor: run[0]!.sensor, rows: Buffer.concat(run.map(encodeHeard)) })),
  }
}
