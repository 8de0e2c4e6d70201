import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import type { addDecoy, DecoyView, Input } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { networkNamed, networkText, prefixOf } from './networks.ts'
import { countDecoys, findDecoy, insertDecoy, lockDecoys, retireDecoy, selectDecoys, setDecoyNote, type DecoyRow } from './store.ts'

type Tools = Pick<Platform, 'db' | 'world' | 'audit'>
/** Of one organisation. */
const decoys_max = 1000
/** Networks that were taken out and are kept for whoever reads the audit. */
const removed_decoys_max = 10_000

/**
 * Networks of an organisation's own decoys as CIDR, sorted: left out of every intake and report. They are addresses of
 * our own sensors: they go into no answer, log or error.
 */
export async function ownDecoys(db: Kysely<unknown>, organisation_id: number): Promise<readonly string[]> {
  return (await selectDecoys(db, organisation_id)).map(({ network }) => network)
}

const view = ({ created_at, ...row }: DecoyRow): DecoyView => ({ ...row, created_at: created_at.toISOString() })

export async function listDecoys(db: Kysely<unknown>, organisation_id: number): Promise<readonly DecoyView[]> {
  return (await selectDecoys(db, organisation_id)).map(view)
}

/**
 * What the audit says: which entry, and how large; never the network. Entries cannot be removed, and tokens that may
 * only read the audit carry them to other systems. Who runs the node finds the network by the id in the table `decoy`.
 */
const entry = (actor: Actor, action: string, { id, network }: DecoyRow) => {
  const cidr = networkNamed(network)
  return {
    organisation_id: actor.organisation_id, actor: actor.actor_id, action, subject: id,
    detail: cidr.ok ? { ...prefixOf(cidr.value) } : {},
  }
}

/** Problems: `request/invalid`, `decoy/too-many`. */
export async function registerDecoy({ db, world, audit }: Tools, actor: Actor, { network, note }: Input<typeof addDecoy>['body']): Promise<Result<DecoyView>> {
  const cidr = networkNamed(network)
  if (!cidr.ok) return cidr
  const text = networkText(cidr.value)
  return db.transaction().execute(async (t) => {
    await lockDecoys(t, actor.organisation_id)
    const before = await findDecoy(t, actor.organisation_id, text)
    if (before && (note === undefined || note === before.note)) return ok(view(before))
    if (!before && (await countDecoys(t, actor.organisation_id)) >= decoys_max) return fail('decoy/too-many', { max: decoys_max })
    const row = before
      ? await setDecoyNote(t, before.id, note!)
      : await insertDecoy(t, {
        id: uuidV4(world), organisation_id: actor.organisation_id, network: text, note: note ?? '',
        created_by: actor.name, created_at: new Date(world.now()),
      })
    await audit(entry(actor, before ? 'decoys.note' : 'decoys.add', row), t)
    return ok(view(row))
  })
}

/** Problem: `decoy/not-found`, also for one of another organisation. */
export function removeDecoy({ db, world, audit }: Tools, actor: Actor, id: string): Promise<Result<Record<never, never>>> {
  return db.transaction().execute(async (t) => {
    await lockDecoys(t, actor.organisation_id)
    const by = { removed_by: actor.name, removed_at: new Date(world.now()) }
    const row = await retireDecoy(t, actor.organisation_id, id, by, removed_decoys_max)
    if (!row) return fail('decoy/not-found')
    await audit(entry(actor, 'decoys.remove', row), t)
    return ok({})
  })
}
