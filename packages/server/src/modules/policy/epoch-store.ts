import { unwrap } from '@hirundo/base'
import type { Kysely } from 'kysely'
import type { Platform } from '../../platform/module.ts'
import { defaultPolicyText, readPolicySet, type PolicySet } from './cedar/policy-set.ts'
import { policyDb, type EpochRecord } from './tables.ts'
import { forgetVerdicts } from './verdicts/store.ts'

/** An organisation begins with the policies that the node ships with; a later version's become its own only by a change. */
export async function beginPolicies({ db, world, audit }: Pick<Platform, 'db' | 'world' | 'audit'>, organisation_id: number): Promise<void> {
  await db.transaction().execute(async (t) => {
    const begun = await policyDb(t).insertInto('policy_state').values({ organisation_id, epoch: 1 })
      .onConflict((conflict) => conflict.doNothing()).returning('epoch').executeTakeFirst()
    if (!begun) return
    await policyDb(t).insertInto('policy_epoch')
      .values({ organisation_id, epoch: 1, text: defaultPolicyText, since: new Date(world.now()), by: 'system', approved_by: null, why: 'begin', newly_allowed: 0 }).execute()
    await audit({ organisation_id, actor: 'system', action: 'policy.begin', subject: 'policy', detail: { epoch: 1 } }, t)
  })
}

/** The policy set in force; begins one where there is none. */
export async function currentEpoch(platform: Pick<Platform, 'db' | 'world' | 'audit'>, organisation_id: number): Promise<EpochRecord> {
  const find = () => policyDb(platform.db).selectFrom('policy_state').innerJoin('policy_epoch', (join) => join
    .onRef('policy_epoch.organisation_id', '=', 'policy_state.organisation_id').onRef('policy_epoch.epoch', '=', 'policy_state.epoch'))
    .selectAll('policy_epoch').where('policy_state.organisation_id', '=', organisation_id).executeTakeFirst()
  const found = await find()
  if (found) return found
  await beginPolicies(platform, organisation_id)
  return (await find())!
}

export const policiesOf = ({ text }: Pick<EpochRecord, 'text'>): PolicySet => unwrap(readPolicySet(text))

export const epochsOf = (db: Kysely<unknown>, organisation_id: number, limit: number): Promise<EpochRecord[]> =>
  policyDb(db).selectFrom('policy_epoch').selectAll().where('organisation_id', '=', organisation_id).orderBy('epoch', 'desc').limit(limit).execute()

/** The epoch, locked against another change until the transaction ends. */
export async function lockEpoch(t: Kysely<unknown>, organisation_id: number): Promise<number> {
  return (await policyDb(t).selectFrom('policy_state').select('epoch').where('organisation_id', '=', organisation_id).forUpdate().executeTakeFirstOrThrow()).epoch
}

/** Puts a policy set in force in the transaction that locked the epoch. What was decided under the one before holds no more. */
export async function beginEpoch(t: Kysely<unknown>, row: Omit<EpochRecord, 'epoch'>, after: number): Promise<number> {
  const epoch = after + 1
  await policyDb(t).insertInto('policy_epoch').values({ ...row, epoch }).execute()
  await policyDb(t).updateTable('policy_state').set({ epoch }).where('organisation_id', '=', row.organisation_id).execute()
  await forgetVerdicts(t, row.organisation_id, epoch)
  return epoch
}
