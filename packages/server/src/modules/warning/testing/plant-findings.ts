import { join } from 'node:path'
import type { Store } from '@hirundo/analytics'
import { realWorld } from '@hirundo/base'
import { findingKinds, type FindingKind } from '@hirundo/contract'
import { pino } from 'pino'
import { writeAudit } from '../../../platform/audit.ts'
import { connect } from '../../../platform/db/connect.ts'
import { DATABASE_USER } from '../../../platform/db/cluster.ts'
import type { Detection, Scene } from '../detectors/model.ts'
import { detectors } from '../detectors/registry.ts'
import { storeDetections } from '../findings/store-detections.ts'
import type { DetectorIdentity } from '../watch/model.ts'

export type { Detection } from '../detectors/model.ts'

/** A detection as a detector would have given it, and when. */
export interface Planted {
  readonly detection: Detection
  /** Milliseconds since 1970. */
  readonly found_at_ms: number
  /** Where its victim or source is; absent: the tables do not say. */
  readonly place?: { readonly economy: string; readonly asn: number; readonly as_name: string }
}

const ORGANISATION = 1
const identities: Readonly<Record<FindingKind, DetectorIdentity>> = Object.fromEntries(findingKinds.map((kind) => {
  const known = detectors.find((one) => one.kind === kind)
  return [kind, { version: known?.version ?? 1, parameters: known?.defaults ?? {} }]
})) as Record<FindingKind, DetectorIdentity>
const silent = pino({ level: 'silent' })

/**
 * Makes findings of a running node of what no detector saw, through the way that detectors take: for pages and tests that
 * need every kind in every state, sooner than traffic would bring it. They are marked as simulated. `data_dir`: of a node
 * with its own PostgreSQL, whose first organisation gets them.
 */
export async function plantFindings(data_dir: string, planted: readonly Planted[], own_networks: readonly string[] = []): Promise<void> {
  const { db, close } = connect({ host: join(data_dir, 'postgres-socket'), user: DATABASE_USER, database: 'postgres' }, silent)
  const scene: Scene = { addresses: 0, sensors: 0, own: { economies: [], asns: [], networks: own_networks } }
  const nowhere = { economy: 'ZZ', asn: 0, as_name: '', scanner: '' }
  try {
    for (const { detection, found_at_ms, place } of planted) {
      const analytics = { networksOf: async (addresses: readonly string[]) => new Map(addresses.map((one) => [one, { ...nowhere, ...place }])) } as unknown as Store
      const world = { ...realWorld, now: () => found_at_ms }
      await storeDetections({ db, world, analytics, audit: (entry, within = db) => writeAudit(within, world, entry) }, ORGANISATION, [detection], {
        mode: 'live', found_at_ms, watched_to: Math.floor(found_at_ms / 1000), detectors: identities, scene, simulated: true,
      })
    }
  } finally {
    await close()
  }
}
