import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isUuid, unwrap, uuidV4, type Uuid, type World } from '@hirundo/base'
import { openJournal, type Journal } from '@hirundo/journal'
import { writePrivate } from '../../../platform/data-directory.ts'

/** What stands in the node's journal; the numbers are on disk and never reused. */
export const inboxKinds = { batch: 1, unreadable: 2, plan: 3 } as const

/** A range of the journal that was, or is being, written to the analytics store as one set of blocks. */
export interface PlanRange {
  /** Number of the record that holds it; names its blocks. */
  readonly sequence: bigint
  readonly first: bigint
  readonly last: bigint
}

const PLAN_BYTES = 16

export function encodePlan({ first, last }: Pick<PlanRange, 'first' | 'last'>): Uint8Array {
  const bytes = Buffer.alloc(PLAN_BYTES)
  bytes.writeBigUInt64LE(first, 0)
  bytes.writeBigUInt64LE(last, 8)
  return bytes
}

export function decodePlan(sequence: bigint, payload: Uint8Array): PlanRange {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  return { sequence, first: bytes.readBigUInt64LE(0), last: bytes.readBigUInt64LE(8) }
}

/** Names a journal for good: one that was put in its place by mistake is refused. */
async function identity(directory: string, world: World): Promise<{ origin: Uuid; epoch: Uuid }> {
  const path = join(directory, 'inbox.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) {
    const made = { origin: uuidV4(world), epoch: uuidV4(world) }
    await writePrivate(path, `${JSON.stringify(made)}\n`)
    return made
  }
  const { origin, epoch } = JSON.parse(text) as { origin?: unknown; epoch?: unknown }
  if (typeof origin !== 'string' || typeof epoch !== 'string' || !isUuid(origin) || !isUuid(epoch)) {
    throw new Error('inbox.json does not name a journal')
  }
  return { origin, epoch }
}

/** Opens the node's journal below `directory`; when it is new, its first number follows `projected`. */
export async function openInbox(directory: string, world: World, projected: bigint, onFatal: (error: unknown) => void): Promise<Journal> {
  const { origin, epoch } = await identity(directory, world)
  return unwrap(await openJournal({
    directory: join(directory, 'inbox'), kind: 'inbox', origin, epoch, first: projected + 1n, onFatal, world,
  }))
}
