import { originLine, readCount, readOrigin, type Channel } from './channel.ts'
import type { PinnedKey, Signer } from './keys.ts'
import { HASH_BYTES, rootOf, emptyRange } from './merkle.ts'
import { readBase64, readNote, verifyNote, writeNote, type Note } from './note.ts'
import { isRefusalReason, type RefusalReason } from './refusal.ts'

/**
 * The four signed notes of a lane. Each begins with the origin line, so none can be used in another edge, lane or epoch.
 * Head, receipt and opening are C2SP checkpoints (origin, size, root); receipt and opening add a line.
 */
export interface Head {
  readonly channel: Channel
  readonly size: number
  /** Base64. */
  readonly root: string
}

/** By the receiver: "I hold exactly this", and how far the sender may go on. */
export interface Receipt extends Head {
  /** Credit, counted from the begin of the epoch: a lost or reordered receipt does no harm. */
  readonly entries_to: number
  readonly bytes_to: number
  /** The sender's nonce that this answers, in hex, or `-`. */
  readonly answers: string
  /** The receiver's nonce that batches must carry, in hex, or `-` before the first greeting. */
  readonly session: string
}

/** By the sender: a new epoch begins, and this is the last it knows of the one before. */
export interface Opening {
  readonly channel: Channel
  readonly after: { readonly epoch: number; readonly size: number; readonly root: string }
}

/** By the receiver: this was not taken, and why. */
export interface Refusal {
  readonly channel: Channel
  readonly sequence: number
  readonly reason: RefusalReason
  /** Base64 of SHA-256 of what was refused. */
  readonly digest: string
}

export const EMPTY_ROOT = Buffer.from(rootOf(emptyRange)).toString('base64')
const NONCE_CHARS = 32

export const isNonce = (text: string): boolean => text.length === NONCE_CHARS && /^[0-9a-f]*$/.test(text)
const isNonceOrNone = (text: string): boolean => text === '-' || isNonce(text)
const isRoot = (text: string): boolean => readBase64(text, HASH_BYTES) !== undefined

const headLines = ({ channel, size, root }: Head): string[] => [originLine(channel), String(size), root]

export const writeHead = (head: Head, signer: Signer): string => writeNote(headLines(head), [signer])

export const writeReceipt = (receipt: Receipt, signer: Signer): string => {
  const { entries_to, bytes_to, answers, session } = receipt
  return writeNote([...headLines(receipt), `receipt ${entries_to} ${bytes_to} ${answers} ${session}`], [signer])
}

export const writeOpening = ({ channel, after }: Opening, signer: Signer): string =>
  writeNote([...headLines({ channel, size: 0, root: EMPTY_ROOT }), `after ${after.epoch} ${after.size} ${after.root}`], [signer])

export const writeRefusal = ({ channel, sequence, reason, digest }: Refusal, signer: Signer): string =>
  writeNote([originLine(channel), `refusal ${sequence} ${reason} ${digest}`], [signer])

function headOf(lines: readonly string[]): Head | undefined {
  const channel = readOrigin(lines[0] ?? '')
  const size = readCount(lines[1] ?? '')
  const root = lines[2] ?? ''
  return channel && size !== undefined && isRoot(root) ? { channel, size, root } : undefined
}

function receiptOf(lines: readonly string[]): Receipt | undefined {
  const head = headOf(lines)
  const [word, entries = '', bytes = '', answers = '', session = '', ...rest] = (lines[3] ?? '').split(' ')
  const [entries_to, bytes_to] = [readCount(entries), readCount(bytes)]
  if (!head || lines.length !== 4 || word !== 'receipt' || rest.length > 0) return undefined
  if (entries_to === undefined || bytes_to === undefined || !isNonceOrNone(answers) || !isNonceOrNone(session)) return undefined
  return { ...head, entries_to, bytes_to, answers, session }
}

function openingOf(lines: readonly string[]): Opening | undefined {
  const head = headOf(lines)
  const [word, number = '', count = '', root = '', ...rest] = (lines[3] ?? '').split(' ')
  const [epoch, size] = [readCount(number), readCount(count)]
  if (!head || head.size !== 0 || head.root !== EMPTY_ROOT || lines.length !== 4 || word !== 'after' || rest.length > 0) return undefined
  if (epoch === undefined || epoch < 1 || epoch >= head.channel.epoch || size === undefined || !isRoot(root)) return undefined
  return { channel: head.channel, after: { epoch, size, root } }
}

function refusalOf(lines: readonly string[]): Refusal | undefined {
  const channel = readOrigin(lines[0] ?? '')
  const [word, number = '', reason = '', digest = '', ...rest] = (lines[1] ?? '').split(' ')
  const sequence = readCount(number)
  if (!channel || lines.length !== 2 || word !== 'refusal' || rest.length > 0) return undefined
  return sequence === undefined || !isRefusalReason(reason) || !isRoot(digest) ? undefined : { channel, sequence, reason, digest }
}

/** A statement that a pinned key of the right node signed, with the note that says it. */
export type Signed<T> = T & { readonly note: string }
type Read<T> = (text: string, keys: readonly PinnedKey[]) => Signed<T> | undefined

/** A reader of one sort of note that also verifies it; `by` names who has to have signed, `at` the place in the log. */
function reader<T extends { channel: Channel }>(
  parse: (lines: readonly string[]) => T | undefined,
  by: 'from' | 'to',
  at: (statement: T) => number,
): Read<T> {
  return (text, keys) => {
    const note: Note | undefined = readNote(text)
    const statement = note && parse(note.body.slice(0, -1).split('\n'))
    if (!note || !statement) return undefined
    const position = { channel: statement.channel, sequence: at(statement) }
    return verifyNote(note, statement.channel[by], keys, position) === 'good' ? { ...statement, note: text } : undefined
  }
}

const exactHead = (lines: readonly string[]): Head | undefined => (lines.length === 3 ? headOf(lines) : undefined)

/** Each gives what the note says when a pinned key of the right node signed it, undefined otherwise. */
export const readHead = reader(exactHead, 'from', (head) => head.size)
export const readReceipt = reader(receiptOf, 'to', (receipt) => receipt.size)
export const readOpening = reader(openingOf, 'from', () => 0)
export const readRefusal = reader(refusalOf, 'to', (refusal) => refusal.sequence)
