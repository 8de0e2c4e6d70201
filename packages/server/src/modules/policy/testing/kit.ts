import { randomUUID } from 'node:crypto'
import { realWorld, unwrap, type World } from '@hirundo/base'
import { scopesOfRole, type Role } from '@hirundo/contract'
import { writeAudit } from '../../../platform/audit.ts'
import { scopesIn } from '../../../platform/auth/scopes.ts'
import { migrate } from '../../../platform/db/migrate.ts'
import { platformMigrations } from '../../../platform/db/platform-migrations.ts'
import { platformDb } from '../../../platform/db/tables.ts'
import type { Actor, Platform } from '../../../platform/module.ts'
import { silent, startTestPostgres, type TestPostgres } from '../../../platform/testing/postgres.ts'
import { internLabel } from '../label-store.ts'
import type { Label } from '../label.ts'
import { migrations } from '../migrations/index.ts'
import { policyDb } from '../tables.ts'
import { T0 } from './arbitrary.ts'

/** A real PostgreSQL with the tables of policy, and a clock of the test's. */
export class PolicyKit {
  readonly postgres: TestPostgres
  now_ms = T0
  readonly world: World = { ...realWorld, now: () => this.now_ms }
  readonly platform: Pick<Platform, 'db' | 'world' | 'audit'>

  constructor(postgres: TestPostgres) {
    this.postgres = postgres
    const { db } = postgres
    this.platform = { db, world: this.world, audit: (entry, within = db) => writeAudit(within, this.world, entry) }
  }

  static async start(): Promise<PolicyKit> {
    const postgres = await startTestPostgres()
    await migrate(postgres.db, [{ name: 'platform', migrations: platformMigrations }, { name: 'policy', migrations }], silent)
    return new PolicyKit(postgres)
  }

  /** An organisation of its own, so that tests do not meet. */
  async organisation(): Promise<number> {
    const row = await platformDb(this.postgres.db).insertInto('organisation').values({ uuid: randomUUID(), name: `Team ${randomUUID()}`, created_at: new Date(T0) }).returning('id').executeTakeFirstOrThrow()
    return row.id
  }

  /** It begins with this policy set instead of the one that ships. */
  async begin(organisation_id: number, text: string): Promise<void> {
    const db = policyDb(this.postgres.db)
    await db.insertInto('policy_state').values({ organisation_id, epoch: 1 }).execute()
    await db.insertInto('policy_epoch').values({ organisation_id, epoch: 1, text, since: new Date(T0), by: 'system', approved_by: null, why: 'begin', newly_allowed: 0 }).execute()
  }

  intern = async (organisation_id: number, label: Label): Promise<number> => unwrap(await internLabel(this.postgres.db, organisation_id, label))

  async person(organisation_id: number, name: string, role: Role = 'coordinator'): Promise<Actor> {
    const id = randomUUID()
    await platformDb(this.postgres.db).insertInto('person').values({
      id, organisation_id, name, sign_in_name: `${id}@example.org`, role, language: 'en', time_zone: 'UTC', state: 'active', created_at: new Date(T0), created_by: 'system', last_sign_in_at: null, oidc_issuer: null, oidc_subject: null,
    }).execute()
    return { kind: 'person', actor_id: `person:${id}`, person_id: id, name, organisation_id, scopes: scopesIn(organisation_id, scopesOfRole[role]) }
  }

  stop = (): Promise<void> => this.postgres.stop()
}
