import { randomDraft } from './drafts.ts'
import { firstChannel, identity } from './identity.ts'
import { SeededRandom } from './random.ts'
import { onBatch } from '../core/incoming-batch.ts'
import { onHello, openIncoming, type IncomingContext } from '../core/incoming.ts'
import { makeEntry } from '../core/entry.ts'
import { appended, openOutgoing, sendBatch, type OutgoingState } from '../core/outgoing.ts'
import { rangeOf, rootText } from '../core/range-text.ts'
import { decodeMessage, encodeMessage } from '../core/wire.ts'

const batch_entries = 500
const payload_chars = 300
const pool_entries = 20_000

export interface CatchUp {
  readonly entries: number
  readonly batches: number
  readonly bytes: number
  readonly seconds: number
  readonly entries_per_s: number
}

/** Batches of a `bulk` lane as they come from the wire; entries have payloads of about 300 bytes of JSON. */
function* batches(entries: number): Generator<Uint8Array> {
  const { signer } = identity(0)
  const random = new SeededRandom(1)
  const channel = firstChannel('xa', 'xb', 'bulk')
  const payload = Buffer.from(JSON.stringify({ fill: 'x'.repeat(payload_chars), number: 1 }))
  const pool = Array.from({ length: Math.min(entries, pool_entries) }, () => ({ ...randomDraft(random, 0, 1), kind: 'sample', payload }))
  let state: OutgoingState = { ...openOutgoing(channel), checked: true, session: '0'.repeat(32) }
  for (let first = 1; first <= entries; first += batch_entries) {
    const count = Math.min(batch_entries, entries - first + 1)
    const items = Array.from({ length: count }, (_, index) => makeEntry(pool[(first + index) % pool.length]!, channel, first + index, signer))
    state = appended(state, items).state
    const sent = sendBatch({ ...state, next: first }, items, rootText(rangeOf(state.range)), signer)
    state = sent.state
    yield encodeMessage(sent.sends[0]!)
  }
}

/**
 * Time that one core needs to read, verify and take a `bulk` lane after a partition: message decoded, hashes, head,
 * commitments and JSON checked, effects handed over, receipt signed. What the effects cost in a store is not in it.
 */
export function catchUp(entries: number): CatchUp {
  const random = new SeededRandom(2)
  const [sender, receiver] = [identity(0), identity(1)]
  const window = { entries_max: Number.MAX_SAFE_INTEGER / 2, bytes_max: Number.MAX_SAFE_INTEGER / 2 }
  const context: IncomingContext = { signer: receiver.signer, keys: [sender.key], window, knows: () => true }
  let state = openIncoming(firstChannel('xa', 'xb', 'bulk'))
  state = onHello(state, random.nonce(), '0'.repeat(32), context).state
  let [count, bytes, taken, micros] = [0, 0, 0, 0]
  for (const wire of batches(entries)) {
    const start = process.cpuUsage()
    const message = decodeMessage(wire)
    if (message?.type !== 'batch') throw new Error('a batch was not read')
    const step = onBatch(state, message, null, context)
    const used = process.cpuUsage(start)
    micros += used.user + used.system
    state = step.state
    taken += step.writes.filter((entry) => entry.write === 'take' && entry.verdict === 'apply').length
    count += 1
    bytes += wire.length
  }
  if (taken !== entries) throw new Error(`${taken} of ${entries} entries were taken`)
  const seconds = micros / 1e6
  return { entries, batches: count, bytes, seconds, entries_per_s: Math.round(entries / seconds) }
}
