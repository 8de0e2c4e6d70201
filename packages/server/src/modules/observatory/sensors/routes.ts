import { ok } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Handler, type Platform } from '../../../platform/module.ts'
import type { ObservatoryConfig } from '../config.ts'
import { enrol } from './enrol.ts'
import { hear } from './heartbeat.ts'
import { approve, makeEnrolmentToken, registerImportSensor, revoke } from './manage.ts'
import { listViews, viewOf } from './view.ts'

/** What sensors and their operators ask; `changed` is told whose sensors are no longer as they were. */
export function sensorHandlers(platform: Platform, config: ObservatoryConfig, changed: (organisation_id: number) => void): readonly Handler[] {
  const { db, world } = platform
  const view = (organisation: number, uuid: string) => viewOf(db, organisation, uuid, world.now(), config.live_within_ms)
  return [
    handle(contract.enrolSensor, ({ body }) => enrol(platform, config, body)),
    handle(contract.sendHeartbeat, (_, context) => hear(platform, context, changed)),
    handle(contract.listSensors, async (_, { actor }) =>
      ok({ sensors: await listViews(db, actor!.organisation_id, world.now(), config.live_within_ms) })),
    handle(contract.createEnrolmentToken, ({ body }, { actor }) => makeEnrolmentToken(platform, actor!, body)),
    handle(contract.approveSensor, async ({ params, body }, { actor }) => {
      const done = await approve(platform, actor!, params.id, body)
      changed(actor!.organisation_id)
      return done.ok ? view(actor!.organisation_id, params.id) : done
    }),
    handle(contract.revokeSensor, async ({ params, body }, { actor }) => {
      const done = await revoke(platform, actor!, params.id, body.note)
      changed(actor!.organisation_id)
      return done.ok ? view(actor!.organisation_id, params.id) : done
    }),
    handle(contract.registerImport, async ({ body }, { actor }) => {
      const uuid = await registerImportSensor(platform, actor!, body)
      return uuid.ok ? view(actor!.organisation_id, uuid.value) : uuid
    }),
  ]
}
