import { fail, isUuid, ok, type Result, type Uuid } from '@hirundo/base'
import { join } from 'node:path'
import { readIfThere, replaceFile } from './state-file.ts'

/** What a sensor knows of itself and its node; `state.json` in the state directory. */
export interface SensorState {
  readonly version: 1
  readonly sensor: Uuid
  readonly name: string
  readonly simulated: boolean
  readonly node_url: string
  /** Base64 of 32 bytes; pinned at enrolment. */
  readonly node_public_key: string
  readonly epoch: Uuid
  /** No heartbeat with a number up to this one may be sent again. */
  readonly heartbeats_reserved: number
  /** Set while this is an older copy of a directory that went on: the last batch of the copy. */
  readonly older_copy_last?: string | undefined
}

const statePath = (state_directory: string): string => join(state_directory, 'state.json')

/** Problem: `setting/invalid` when there is no enrolment here or the file cannot be read. */
export async function loadState(state_directory: string): Promise<Result<SensorState>> {
  const text = await readIfThere(statePath(state_directory))
  if (text === undefined) {
    return fail('setting/invalid', { what: 'state', why: `no enrolment in ${state_directory}: run hirundo-sensor enrol first` })
  }
  const state = parseState(text)
  if (!state) return fail('setting/invalid', { what: 'state', why: `${statePath(state_directory)} is damaged; enrol again` })
  return ok(state)
}

function parseState(text: string): SensorState | undefined {
  let state: Partial<SensorState>
  try {
    state = JSON.parse(text) as Partial<SensorState>
  } catch {
    return undefined
  }
  const whole =
    state.version === 1 && typeof state.sensor === 'string' && isUuid(state.sensor) &&
    typeof state.epoch === 'string' && isUuid(state.epoch) && typeof state.node_url === 'string' &&
    typeof state.node_public_key === 'string' && typeof state.name === 'string' &&
    typeof state.simulated === 'boolean' && Number.isSafeInteger(state.heartbeats_reserved) &&
    (state.older_copy_last === undefined || /^\d{1,19}$/.test(state.older_copy_last))
  return whole ? (state as SensorState) : undefined
}

export const saveState = (state_directory: string, state: SensorState): Promise<void> =>
  replaceFile(statePath(state_directory), `${JSON.stringify(state, null, 2)}\n`, { sync: true })

const ackPath = (state_directory: string): string => join(state_directory, 'acked.json')

/** The node's last mark for this epoch as we knew it; may be older than the truth, which the next reply tells. */
export async function loadAcked(state_directory: string, epoch: Uuid): Promise<bigint> {
  const text = await readIfThere(ackPath(state_directory))
  try {
    const saved = JSON.parse(text ?? '{}') as { epoch?: unknown; acked?: unknown }
    return saved.epoch === epoch && typeof saved.acked === 'string' ? BigInt(saved.acked) : 0n
  } catch {
    return 0n
  }
}

export const saveAcked = (state_directory: string, epoch: Uuid, acked: bigint): Promise<void> =>
  replaceFile(ackPath(state_directory), `${JSON.stringify({ epoch, acked: String(acked) })}\n`, { sync: false })

/** The state in memory and on disk; changes are written one after the other. */
export class StateStore {
  readonly directory: string
  #current: SensorState
  #tail: Promise<void> = Promise.resolve()

  constructor(directory: string, state: SensorState) {
    this.directory = directory
    this.#current = state
  }

  get current(): SensorState {
    return this.#current
  }

  /** Resolves when the change is on disk. */
  update(change: Partial<Pick<SensorState, 'epoch' | 'heartbeats_reserved' | 'older_copy_last'>>): Promise<void> {
    this.#current = { ...this.#current, ...change }
    this.#tail = this.#tail.then(() => saveState(this.directory, this.#current))
    return this.#tail
  }
}
