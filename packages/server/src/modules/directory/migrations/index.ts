import type { Migration } from 'kysely/migration'
import { teams } from './0001-teams.ts'
import { keys } from './0002-keys.ts'
import { constituencies } from './0003-constituencies.ts'
import { communities } from './0004-communities.ts'
import { agreements } from './0005-agreements.ts'
import { exchange } from './0006-exchange.ts'

/** Tables of the directory in PostgreSQL. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_teams': teams,
  '0002_keys': keys,
  '0003_constituencies': constituencies,
  '0004_communities': communities,
  '0005_agreements': agreements,
  '0006_exchange': exchange,
}
