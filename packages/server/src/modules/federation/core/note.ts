import { keyAt, SIGNATURE_BYTES, verifySignature, type PinnedKey, type Position, type Signer } from './keys.ts'
import { isNodeId } from './channel.ts'

/**
 * Signed notes after C2SP `signed-note`: a text, an empty line, and lines `— <name> <base64 of 4-byte key id and
 * signature>`. Signed is the text with its last newline. Ours are ASCII: no look-alikes.
 */
export const note_bytes_max = 4096
const signatures_max = 8
const lines_max = 16
const KEY_ID_BYTES = 4

export interface NoteSignature {
  readonly name: string
  /** Key id in hex. */
  readonly id: string
  readonly signature: Uint8Array
}

export interface Note {
  /** With its last newline. */
  readonly body: string
  readonly signatures: readonly NoteSignature[]
}

const isBody = (body: string): boolean => /^[\x20-\x7e\n]*$/.test(body) && body.endsWith('\n') && !body.includes('\n\n')

/** The note of these lines with a signature by each signer. */
export function writeNote(lines: readonly string[], signers: readonly Signer[]): string {
  const body = `${lines.join('\n')}\n`
  if (!isBody(body) || body === '\n' || lines.length > lines_max) throw new Error('this text cannot be a note')
  const signed = signers.map((signer) => {
    const signature = signer.sign(Buffer.from(body, 'ascii'))
    return `— ${signer.node} ${Buffer.concat([Buffer.from(signer.id, 'hex'), signature]).toString('base64')}\n`
  })
  return `${body}\n${signed.join('')}`
}

function readSignature(line: string): NoteSignature | undefined {
  const [dash, name = '', text = '', ...rest] = line.split(' ')
  if (dash !== '—' || rest.length > 0 || !isNodeId(name)) return undefined
  const bytes = readBase64(text, KEY_ID_BYTES + SIGNATURE_BYTES)
  if (bytes === undefined) return undefined
  return { name, id: Buffer.from(bytes.subarray(0, KEY_ID_BYTES)).toString('hex'), signature: bytes.subarray(KEY_ID_BYTES) }
}

/** The bytes of a base64 text of exactly `length` bytes in its only form; undefined for all else. */
export function readBase64(text: string, length: number): Uint8Array | undefined {
  if (text.length !== Math.ceil(length / 3) * 4) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === length && bytes.toString('base64') === text ? bytes : undefined
}

/** The parts of a note, none of them verified; undefined when the text is not one of ours to the byte. */
export function readNote(text: string): Note | undefined {
  if (text.length > note_bytes_max) return undefined
  const end = text.indexOf('\n\n')
  if (end < 1 || !text.endsWith('\n')) return undefined
  const body = text.slice(0, end + 1)
  const lines = text.slice(end + 2, -1).split('\n')
  if (!isBody(body) || body.split('\n').length > lines_max + 1 || lines.length > signatures_max) return undefined
  const signatures = lines.map(readSignature)
  return signatures.includes(undefined) ? undefined : { body, signatures: signatures as NoteSignature[] }
}

export type NoteVerdict = 'good' | 'key-unknown' | 'key-revoked' | 'signature-invalid'

/**
 * Whether `node` signed the note with a pinned key that is good at the position. Lines by unknown keys are passed over;
 * the first line by a known key decides.
 */
export function verifyNote(note: Note, node: string, keys: readonly PinnedKey[], position: Position): NoteVerdict {
  for (const { name, id, signature } of note.signatures) {
    if (name !== node) continue
    const key = keyAt(keys, node, id, position)
    if (key === 'key-unknown') continue
    if (key === 'key-revoked') return key
    return verifySignature(key, Buffer.from(note.body, 'ascii'), signature) ? 'good' : 'signature-invalid'
  }
  return 'key-unknown'
}
