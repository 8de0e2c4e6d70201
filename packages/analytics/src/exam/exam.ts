import { after, before, describe } from 'node:test'
import type { Database } from '../client.ts'
import type { Store } from '../store.ts'
import { answering } from './answering.ts'
import type { ExamRun } from './checks.ts'
import { hearing } from './hearing.ts'
import { keeping } from './keeping.ts'
import { storing } from './storing.ts'
import { windows } from './windows.ts'

export interface ExamStore {
  readonly store: Store
  readonly db: Database
  readonly close: () => Promise<void>
}

/** One suite for every store that is configured: what it passes embedded it must pass on a server. Tests build on each other. */
export function examine(name: string, open: () => Promise<ExamStore>): void {
  describe(`exam: ${name}`, () => {
    const run = {} as ExamRun
    let close = async (): Promise<void> => {}
    before(async () => {
      const opened = await open()
      close = opened.close
      Object.assign(run, { store: opened.store, db: opened.db })
      await run.store.migrate()
    })
    after(() => close())
    storing(run)
    answering(run)
    hearing(run)
    windows(run)
    keeping(run)
  })
}
