import { fail, INSTANT_END_S, ok, type Result } from '@hirundo/base'
import { RowReader, RowWriter } from './row-bytes.ts'
import { interactionBounds, type Interaction, type Login } from './model.ts'

/**
 * Columns of one row in their order, as ClickHouse RowBinary. In a batch's body each row follows its length
 * ([u32 little endian][row]); who cuts the lengths off can insert the rows as they are.
 */
export const interactionStructure = [
  'at DateTime64(3)', 'clock_error_ms Int32', 'src IPv6', 'src_port UInt16', 'dst_port UInt16', 'transport UInt8',
  'handshake UInt8', 'requests UInt32', 'bytes_in UInt64', 'bytes_out UInt64', 'duration_ms UInt32', 'truncated UInt8',
  'protocol String', 'payload_sha256 String', 'sample String', 'logins Array(Tuple(user String, password String))',
  'urls Array(String)', 'facts Map(String, String)', 'guess_name String', 'guess_rule String',
].join(', ')

/** Numbers of `transport` and `handshake` in a row: places in these lists, which only grow. */
export const interactionTransports = ['tcp', 'udp'] as const
export const interactionHandshakes = ['none', 'completed', 'dialogue'] as const

/** Length of a row before the row. */
export const INTERACTION_LENGTH_BYTES = 4
/** Where `truncated` stands: the last byte of the fixed head. */
const TRUNCATED_AT = 58
/** What protocol, hash, sample, guess and the counts of three lists take at most. */
const BOUNDED_BYTES = TRUNCATED_AT + 1 + 3 * interactionBounds.protocol_chars_max + 32 + interactionBounds.sample_bytes_max +
  6 * interactionBounds.guess_chars_max + 32

/** A row is written without interruption, so one writer does for all. */
const writer = new RowWriter()

/** One row with its length before it; what is longer than `interactionBounds` is cut and `truncated` is set. */
export function encodeInteraction(of: Interaction): Uint8Array {
  const bounds = interactionBounds
  const facts = namedOnce(of.facts)
  writer.begin(INTERACTION_LENGTH_BYTES)
  writer.i64(of.at_ms)
  writer.i32(of.clock_error_ms)
  writer.raw(of.src)
  writer.u16(of.src_port)
  writer.u16(of.dst_port)
  writer.u8(interactionTransports.indexOf(of.transport))
  writer.u8(interactionHandshakes.indexOf(of.handshake))
  writer.u32(of.requests)
  writer.i64(of.bytes_in)
  writer.i64(of.bytes_out)
  writer.u32(of.duration_ms)
  writer.u8(0)
  writer.text(of.protocol, bounds.protocol_chars_max)
  writer.bytes(of.payload_sha256 ?? new Uint8Array(0), 32)
  writer.bytes(of.sample, bounds.sample_bytes_max)
  // Lists share what the row has left, the dearest first.
  writer.room = bounds.row_bytes_max - BOUNDED_BYTES
  writer.list(of.logins, bounds.logins_max, ({ user, password }: Login) => [[user, bounds.login_chars_max], [password, bounds.login_chars_max]])
  writer.list(of.urls, bounds.urls_max, (url: string) => [[url, bounds.url_chars_max]])
  writer.list(facts, bounds.facts_max, ([name, value]) => [[name, bounds.fact_name_chars_max], [value, bounds.fact_chars_max]])
  writer.text(of.guess?.name ?? '', bounds.guess_chars_max)
  writer.text(of.guess?.rule ?? '', bounds.guess_chars_max)
  return writer.finish(INTERACTION_LENGTH_BYTES + TRUNCATED_AT, of.truncated || facts.some(([name]) => !Object.hasOwn(of.facts, name)))
}

/** Facts under the names that are written: of those that become the same only the first, as a row with a fact twice is none. */
function namedOnce(facts: Interaction['facts']): readonly (readonly [string, string])[] {
  const all = Object.entries(facts)
  if (all.every(([name]) => name.length <= interactionBounds.fact_name_chars_max && name.isWellFormed())) return all
  const named = new Map<string, string>()
  for (const [name, value] of all) {
    const written = name.slice(0, interactionBounds.fact_name_chars_max).toWellFormed()
    if (!named.has(written)) named.set(written, value)
  }
  return [...named]
}

/** The rows of a body without their lengths, unread, sharing its memory. Problem: `batch/malformed`. */
export function splitInteractionRows(body: Uint8Array, rows: number): Result<Uint8Array[]> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const found: Uint8Array[] = []
  for (let at = 0; at < body.length; ) {
    if (found.length === rows || at + INTERACTION_LENGTH_BYTES > body.length) return malformed('rows and bytes differ')
    const length = view.getUint32(at, true)
    const end = at + INTERACTION_LENGTH_BYTES + length
    if (length > interactionBounds.row_bytes_max || end > body.length) return malformed('row is cut off or too long')
    found.push(body.subarray(at + INTERACTION_LENGTH_BYTES, end))
    at = end
  }
  return found.length === rows ? ok(found) : malformed('rows and bytes differ')
}

/** One row without its length, every bound checked; bytes are copied. Problem: `batch/malformed`. */
export function decodeInteraction(row: Uint8Array): Result<Interaction> {
  const bounds = interactionBounds
  const reader = new RowReader(row)
  const head = readHead(reader)
  const protocol = reader.text(bounds.protocol_chars_max)
  const sha256 = reader.bytes(32)
  const sample = reader.bytes(bounds.sample_bytes_max)
  const logins = reader.list(bounds.logins_max, () => ({ user: reader.text(bounds.login_chars_max), password: reader.text(bounds.login_chars_max) }))
  const urls = reader.list(bounds.urls_max, () => reader.text(bounds.url_chars_max))
  const facts = reader.list(bounds.facts_max, () => [reader.text(bounds.fact_name_chars_max), reader.text(bounds.fact_chars_max)] as const)
  const name = reader.text(bounds.guess_chars_max)
  const rule = reader.text(bounds.guess_chars_max)
  if (!reader.is_whole || head === undefined) return malformed('row cannot be read')
  if (sha256.length !== 0 && sha256.length !== 32) return malformed('hash has another length')
  if (new Set(facts.map(([fact]) => fact)).size !== facts.length) return malformed('a fact stands twice')
  return ok({
    ...head, protocol, payload_sha256: sha256.length === 0 ? undefined : sha256, sample, logins, urls,
    facts: Object.fromEntries(facts), guess: name === '' && rule === '' ? undefined : { name, rule },
  })
}

type Head = Omit<Interaction, 'protocol' | 'payload_sha256' | 'sample' | 'logins' | 'urls' | 'facts' | 'guess'>

function readHead(reader: RowReader): Head | undefined {
  const at_ms = reader.i64()
  const clock_error_ms = reader.i32()
  const src = reader.raw(16)
  const src_port = reader.u16()
  const dst_port = reader.u16()
  const transport = interactionTransports[reader.u8()]
  const handshake = interactionHandshakes[reader.u8()]
  const requests = reader.u32()
  const bytes_in = reader.i64()
  const bytes_out = reader.i64()
  const duration_ms = reader.u32()
  const truncated = reader.u8()
  if (transport === undefined || handshake === undefined || truncated > 1 || clock_error_ms < -1) return undefined
  if (at_ms < 0 || at_ms >= INSTANT_END_S * 1000 || bytes_in < 0 || bytes_out < 0) return undefined
  return { at_ms, clock_error_ms, src, src_port, dst_port, transport, handshake, requests, bytes_in, bytes_out, duration_ms, truncated: truncated === 1 }
}

const malformed = (why: string): Result<never> => fail('batch/malformed', { why })
