import type { Migration } from 'kysely/migration'
import { findings } from './0001-findings.ts'

/** Tables of warning in PostgreSQL. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_findings': findings,
}
