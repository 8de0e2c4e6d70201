import type { Migration } from 'kysely/migration'
import { findings } from './0001-findings.ts'
import { bulletins } from './0002-bulletins.ts'
import { reached } from './0003-reached.ts'
import { counted } from './0004-counted.ts'
import { recounted } from './0005-recounted.ts'

/** Tables of warning in PostgreSQL. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_findings': findings,
  '0002_bulletins': bulletins,
  '0003_reached': reached,
  '0004_counted': counted,
  '0005_recounted': recounted,
}
