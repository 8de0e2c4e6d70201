import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { World } from '@hirundo/base'

const file_bytes_max = 1024 * 1024

/**
 * Batches with a signature that is not their sensor's: kept as evidence, the first `files_max` and of each at most 1 MiB,
 * because anybody can send them. Failing to keep one stops nothing.
 */
export class RefusedBatches {
  count = 0
  readonly #directory: string
  readonly #files_max: number
  readonly #world: Pick<World, 'now'>
  #held: number | undefined

  constructor(directory: string, files_max: number, world: Pick<World, 'now'>) {
    this.#directory = join(directory, 'refused')
    this.#files_max = files_max
    this.#world = world
  }

  async keep(batch: Uint8Array): Promise<void> {
    const number = ++this.count
    if (this.#held !== undefined && this.#held >= this.#files_max) return
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 })
      this.#held = (await readdir(this.#directory)).length
      if (this.#held >= this.#files_max) return
      this.#held++
      await writeFile(join(this.#directory, `${this.#world.now()}-${number}.batch`), batch.subarray(0, file_bytes_max), { mode: 0o600 })
    } catch {
      // Evidence is a convenience; a full disk must not turn a refusal into a failure.
    }
  }
}
