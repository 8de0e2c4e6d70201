import type { Journal } from '@hirundo/journal'
import { decodeBatchHeader } from '@hirundo/formats'
import { decodePlan, inboxKinds, type PlanRange } from './inbox.ts'

const READ_BYTES = 8 * 1024 * 1024

/** Per sensor and epoch: everything up to the mark is on disk. The journal is the truth; this is its summary. */
export class Marks {
  readonly #marks = new Map<string, Map<string, bigint>>()

  get(sensor: string, epoch: string): bigint {
    return this.#marks.get(sensor)?.get(epoch) ?? 0n
  }

  epochs(sensor: string): number {
    return this.#marks.get(sensor)?.size ?? 0
  }

  /** A mark never goes back. */
  raise(sensor: string, epoch: string, acked: bigint): void {
    let epochs = this.#marks.get(sensor)
    if (!epochs) this.#marks.set(sensor, (epochs = new Map()))
    if ((epochs.get(epoch) ?? 0n) < acked) epochs.set(epoch, acked)
  }
}

/** What the journal holds behind the point up to which it is projected. */
export interface Tail {
  readonly plans: readonly PlanRange[]
  /** Batches that wait, and their bytes. */
  readonly batches: number
  readonly bytes: number
  /** Last number that is a batch's; `projected` when none waits. */
  readonly last: bigint
  /** Records that can no longer be read. */
  readonly lost: number
}

/** Reads the journal behind `projected` into `marks`, and gives what else stands there. */
export async function readTail(journal: Journal, projected: bigint, marks: Marks): Promise<Tail> {
  const plans: PlanRange[] = []
  const tail = { batches: 0, bytes: 0, last: projected, lost: 0 }
  for (let from = projected + 1n; from <= journal.last; ) {
    const { records, gaps, next } = await journal.read(from, { bytes_max: READ_BYTES })
    for (const { sequence, kind, payload } of records) {
      if (kind === inboxKinds.plan) {
        plans.push(decodePlan(sequence, payload))
        continue
      }
      const batch = decodeBatchHeader(payload)
      if (batch.ok) marks.raise(batch.value.header.sensor, batch.value.header.epoch, batch.value.header.last)
      tail.batches++
      tail.bytes += payload.length
      tail.last = sequence
    }
    tail.lost += gaps.reduce((sum, gap) => sum + Number(gap.last - gap.first + 1n), 0)
    from = next
  }
  return { ...tail, plans: plans.filter((plan) => plan.last > projected) }
}
