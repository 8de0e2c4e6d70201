import type { Store } from '@hirundo/analytics'
import { realWorld, uuidV4, type World } from '@hirundo/base'
import { scopesOfRole, type Role, type Scope } from '@hirundo/contract'
import { sql } from 'kysely'
import { writeAudit } from '../../../../platform/audit.ts'
import { migrate } from '../../../../platform/db/migrate.ts'
import { platformMigrations } from '../../../../platform/db/platform-migrations.ts'
import { platformDb } from '../../../../platform/db/tables.ts'
import type { Actor } from '../../../../platform/module.ts'
import { silent, startTestPostgres, type TestPostgres } from '../../../../platform/testing/postgres.ts'
import { migrations as observatoryMigrations } from '../../../observatory/migrations/index.ts'
import type { Detection } from '../../detectors/model.ts'
import { migrations } from '../../migrations/index.ts'
import type { DetectionContext } from '../../watch/model.ts'
import type { Tools } from '../store-detections.ts'

export const DAY = 86_400
/** A Monday at midnight. */
export const T0 = Date.UTC(2026, 0, 5) / 1000

/** A detection; what is left out is dull. */
export function detection(part: Partial<Detection> = {}): Detection {
  const { start = T0, packets = 100 } = part
  const end = part.end ?? start + 600
  return {
    kind: 'rsdos', subject: { victim: '240.0.0.1', protocol: 'tcp' }, open: false, severity: 'notice', figures: { packets, sensors: 3 },
    crossed: [{ figure: 'packets', value: packets, threshold: 25, rule: 'at_least' }],
    evidence: [{ query: { of: 'backscatter', from: new Date(start * 1000).toISOString(), to: new Date(end * 1000).toISOString(), victim: '240.0.0.1', research: 'include' }, packets, sources: null, sensors: 3 }],
    ...part, start, end, packets,
  }
}

export const context = (part: Partial<DetectionContext> = {}): DetectionContext => ({
  mode: 'live', found_at_ms: T0 * 1000, watched_to: T0, detectors: { rsdos: { version: 1, parameters: { packets_min: 25 } } },
  scene: { addresses: 256, sensors: 3, own: { economies: [], asns: [], networks: [] } }, simulated: false, ...part,
})

export interface TestFindings extends TestPostgres {
  readonly tools: Tools
  /** What the network tables say; anything else is unknown. */
  readonly networks: Map<string, { economy: string; asn: number; as_name: string }>
  /** Milliseconds since 1970; moved by tests. */
  now: number
  organisation(name: string): Promise<number>
  actor(role: Role, more?: { readonly organisation?: number; readonly scopes?: readonly Scope[] }): Promise<Actor>
  clear(): Promise<void>
}

export async function startFindings(): Promise<TestFindings> {
  const postgres = await startTestPostgres()
  const { db } = postgres
  await migrate(db, [{ name: 'platform', migrations: platformMigrations }, { name: 'observatory', migrations: observatoryMigrations }, { name: 'warning', migrations }], silent)
  const networks: TestFindings['networks'] = new Map()
  const world: World = { ...realWorld, now: () => test.now }
  const analytics = {
    networksOf: async (addresses: readonly string[]) => new Map(addresses.map((one) => [one, { economy: 'ZZ', asn: 0, as_name: '', scanner: '', ...networks.get(one) }])),
  } as unknown as Store
  const test: TestFindings = {
    ...postgres, networks, now: T0 * 1000,
    tools: { db, world, analytics, audit: (entry, within = db) => writeAudit(within, world, entry) },
    async organisation(name) {
      const { id } = await platformDb(db).insertInto('organisation').values({ uuid: uuidV4(world), name, created_at: new Date(world.now()) }).returning('id').executeTakeFirstOrThrow()
      return id
    },
    async actor(role, { organisation = 1, scopes = scopesOfRole[role] } = {}) {
      const id = uuidV4(realWorld)
      await platformDb(db).insertInto('person').values({
        id, organisation_id: organisation, name: `a ${role}`, sign_in_name: `${id}@example.org`, role, language: 'en', time_zone: 'UTC', state: 'active',
        created_at: new Date(world.now()), created_by: 'test', last_sign_in_at: null, oidc_issuer: null, oidc_subject: null,
      }).execute()
      return { kind: 'person', actor_id: `person:${id}`, name: `a ${role}`, organisation_id: organisation, scopes, person_id: id }
    },
    async clear() {
      await sql`truncate finding, detection, detection_setting, finding_change, finding_mute, finding_day cascade`.execute(db)
    },
  }
  return test
}
