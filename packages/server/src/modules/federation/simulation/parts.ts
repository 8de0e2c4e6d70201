import type { PinnedKey, Signer } from '../core/keys.ts'
import type { Lane } from '../core/channel.ts'
import type { Alarm } from '../core/step.ts'
import type { Message } from '../core/wire.ts'
import type { Disk } from './disk.ts'
import type { SeededRandom } from './random.ts'

/** Something to be done as one transaction: first stored, then sent. */
export interface Planned {
  commit(): void
  readonly sends: readonly Message[]
}

export const nothing: Planned = { commit: () => {}, sends: [] }

/** One who sees everything: it notes what nodes themselves may forget. */
export interface Watch {
  acknowledged(from: string, to: string, lane: Lane, epoch: number, size: number): void
  alarm(node: string, lane: Lane, alarm: Alarm): void
}

/** What both ends of a lane work with. */
export interface Bench {
  readonly name: string
  readonly signer: Signer
  readonly keys: readonly PinnedKey[]
  readonly random: SeededRandom
  readonly watch: Watch
  disk: Disk
  /** Whether this node reads kinds of the next version. */
  upgraded: boolean
}

export const laneKey = (peer: string, lane: Lane): string => `${peer}/${lane}`

/** Small, so that credit is short and batches are many. */
export const window = { entries_max: 8, bytes_max: 9000 }
