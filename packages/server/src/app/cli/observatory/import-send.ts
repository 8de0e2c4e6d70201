import { setTimeout as sleep } from 'node:timers/promises'
import { observatoryStatus, sendBatches, type ApiClient } from '@hirundo/contract'
import { batchBounds, frameBatches } from '@hirundo/formats'
import { OperatorError } from '../../../platform/operator-error.ts'
import { take } from '../frame.ts'

const ASK_EVERY_MS = 200
/** A node that takes nothing for so long needs its operator. */
const STUCK_MS = 10 * 60_000
const worthWaiting = new Set(['node/full', 'node/unavailable', 'unreachable', 'request/rate-limited'])

/** Sends until the node has everything up to `last`; what it has already is sent once more and costs nothing. */
export async function sendAll(client: ApiClient, batches: readonly Uint8Array[], last: bigint): Promise<void> {
  for (let at = 0; at < batches.length; at += batchBounds.post_batches_max) {
    const part = batches.slice(at, at + batchBounds.post_batches_max)
    await sendPart(client, frameBatches(part), last - BigInt(batches.length - at - part.length))
  }
}

async function sendPart(client: ApiClient, body: Uint8Array, last: bigint): Promise<void> {
  for (let waited = 0; ; waited += ASK_EVERY_MS) {
    const reply = await client.call(sendBatches, { body })
    if (reply.ok && BigInt(reply.value.acked) >= last) return
    if (reply.ok && reply.value.refused.length > 0) {
      throw new OperatorError(`The node refused a batch: ${reply.value.refused[0]!.code}.`, 'Another import under the same name may be running; try again after it.')
    }
    if (!reply.ok && !worthWaiting.has(reply.problem.code)) take(reply)
    if (waited >= STUCK_MS) throw new OperatorError('The node has taken nothing for ten minutes.', '"hirundo status" says what it waits for.')
    await sleep(ASK_EVERY_MS)
  }
}

/** Waits until everything that the node has taken in by now can be asked about. */
export async function untilQueryable(client: ApiClient): Promise<void> {
  const status = async () => take(await client.call(observatoryStatus, {}))
  const { appended } = await status()
  while (BigInt((await status()).projected ?? 0) < BigInt(appended ?? 0)) await sleep(ASK_EVERY_MS)
}
