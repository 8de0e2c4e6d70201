import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_S, HOUR_S } from '@hirundo/base'
import type { WatchConfig } from './config.ts'
import { whyNotKept } from './worker/why-not-kept.ts'

/** A saved state: it is of all rows of plans up to `plan` from `begin` to before `position`. */
export interface Checkpoint {
  readonly fingerprint: string
  readonly begin: number
  readonly position: number
  readonly plan: number
}

const named = /^([0-9a-f]{16})-(\d{1,10})-(\d{1,10})-(\d{1,16})\.state$/
const nameOf = ({ fingerprint, begin, position, plan }: Checkpoint): string => `${fingerprint}-${begin}-${position}-${plan}.state`

function parse(name: string): Checkpoint | undefined {
  const [, fingerprint, begin, position, plan] = named.exec(name) ?? []
  return fingerprint === undefined ? undefined : { fingerprint, begin: Number(begin), position: Number(position), plan: Number(plan) }
}

/**
 * Which of the checkpoints (newest first, one fingerprint) stay: the newest, of the last hours one for each, of the last days one
 * for each. The last of an hour or day stays, as most is in it.
 */
export function kept(all: readonly Checkpoint[], { checkpoint_hours, checkpoint_days }: Pick<WatchConfig, 'checkpoint_hours' | 'checkpoint_days'>): readonly Checkpoint[] {
  const [newest] = all
  if (!newest) return []
  const hours = new Set<number>()
  const days = new Set<number>()
  return all.filter((one) => {
    const age = newest.position - one.position
    const hour = Math.floor(one.position / HOUR_S)
    // What stands at midnight is the state after the day before.
    const day = Math.floor((one.position - 1) / DAY_S)
    const keepsHour = age <= checkpoint_hours * HOUR_S && !hours.has(hour)
    const keepsDay = age <= checkpoint_days * DAY_S && one.position % DAY_S === 0 && !days.has(day)
    if (keepsHour) hours.add(hour)
    if (keepsDay) days.add(day)
    return one === newest || keepsHour || keepsDay
  })
}

/** Where the next checkpoint is due after `position`: at each hour of the last day, before it at each midnight. */
export const nextMark = (position: number, now_s: number): number => {
  const step = position >= now_s - DAY_S - HOUR_S ? HOUR_S : DAY_S
  return (Math.floor(position / step) + 1) * step
}

const isAbsence = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/**
 * Saved states of one organisation, in files; derived data that anybody may delete. What the file system refuses is told by
 * `trouble` and costs a replay: it never rejects.
 */
export class Checkpoints {
  readonly directory: string
  /** Why states cannot be kept; undefined: the last one was. */
  trouble: string | undefined
  readonly #config: Pick<WatchConfig, 'checkpoint_hours' | 'checkpoint_days' | 'checkpoint_bytes_max'>

  constructor(directory: string, config: Pick<WatchConfig, 'checkpoint_hours' | 'checkpoint_days' | 'checkpoint_bytes_max'>) {
    this.directory = directory
    this.#config = config
  }

  /** Makes the directory, and takes away what was half written. */
  async open(): Promise<void> {
    await this.#noting(mkdir(this.directory, { recursive: true, mode: 0o700 }))
    for (const name of await this.#names()) if (name.endsWith('.part')) await this.#noting(rm(join(this.directory, name), { force: true }))
  }

  async #noting(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => {
      this.trouble = whyNotKept(error)
    })
  }

  /** None of a directory that somebody deleted. */
  async #names(): Promise<readonly string[]> {
    return readdir(this.directory).catch((error: unknown) => {
      if (!isAbsence(error)) this.trouble = whyNotKept(error)
      return []
    })
  }

  pathOf(checkpoint: Checkpoint): string {
    return join(this.directory, nameOf(checkpoint))
  }

  async #all(): Promise<readonly Checkpoint[]> {
    return (await this.#names()).flatMap((name) => parse(name) ?? []).toSorted((a, b) => b.position - a.position || b.plan - a.plan)
  }

  /** Of this fingerprint, newest first. */
  async list(fingerprint: string): Promise<readonly Checkpoint[]> {
    return (await this.#all()).filter((one) => one.fingerprint === fingerprint)
  }

  async remove(checkpoints: readonly Checkpoint[]): Promise<void> {
    for (const one of checkpoints) await this.#noting(rm(this.pathOf(one), { force: true }))
  }

  /** Takes away what is past its hours and days, and beyond the bytes the oldest; the newest always stays. */
  async tidy(fingerprint: string): Promise<void> {
    const all = await this.list(fingerprint)
    const staying = kept(all, this.#config)
    await this.remove(all.filter((one) => !staying.includes(one)))
    let bytes = 0
    for (const [i, one] of staying.entries()) {
      bytes += await stat(this.pathOf(one)).then(({ size }) => size, () => 0)
      if (i > 0 && bytes > this.#config.checkpoint_bytes_max) await this.remove([one])
    }
  }

  /** Takes away states of other detectors, parameters or scenes. */
  async removeOthers(fingerprint: string): Promise<void> {
    await this.remove((await this.#all()).filter((one) => one.fingerprint !== fingerprint))
  }
}
