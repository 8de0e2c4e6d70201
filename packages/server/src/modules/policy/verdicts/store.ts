import { sql, type Kysely } from 'kysely'
import type { Purpose } from '@hirundo/contract'
import { policyDb, type PhaseVerdicts } from '../tables.ts'

type Db = Kysely<unknown>

/** Viewers that differ, of one organisation, whose verdicts are kept; the longest unused go. */
export const classes_max = 5000
const rows_at_once_max = 1000

export interface State {
  readonly epoch: number
  /** How many there are: labels are only ever added. */
  readonly labels: number
}

/** The one question that every list asks: whether what is known still holds. Undefined: the organisation has no policies yet. */
export async function stateOf(db: Db, organisation_id: number): Promise<State | undefined> {
  const row = await policyDb(db).selectFrom('policy_state').select(({ selectFrom, fn }) => [
    'epoch', selectFrom('policy_label').select(fn.countAll<number>().as('count')).where('organisation_id', '=', organisation_id).as('labels'),
  ]).where('organisation_id', '=', organisation_id).executeTakeFirst()
  return row && { epoch: row.epoch, labels: Number(row.labels) }
}

export const epochText = async (db: Db, organisation_id: number, epoch: number): Promise<string> =>
  (await policyDb(db).selectFrom('policy_epoch').select('text').where('organisation_id', '=', organisation_id).where('epoch', '=', epoch).executeTakeFirstOrThrow()).text

/** The number of a class of viewers; locks it until the transaction ends, so that its verdicts have something to stand on. */
export async function classOf(t: Db, organisation_id: number, hash: Buffer, used_at: Date): Promise<number> {
  const made = await policyDb(t).insertInto('policy_class').values({ organisation_id, hash, used_at })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'hash']).doUpdateSet({ used_at })).returning('id').executeTakeFirstOrThrow()
  const { count } = await policyDb(t).selectFrom('policy_class').select(({ fn }) => fn.countAll<number>().as('count')).where('organisation_id', '=', organisation_id).executeTakeFirstOrThrow()
  if (count > classes_max) {
    await sql`delete from policy_class where id in (
      select id from policy_class where organisation_id = ${organisation_id} and id <> ${made.id} order by used_at limit ${count - classes_max} for update skip locked)`.execute(t)
  }
  return made.id
}

export interface Of {
  readonly class_id: number
  readonly purpose: Purpose
  readonly epoch: number
}

export const verdictsOf = (db: Db, of: Of): Promise<{ label_id: number, phases: PhaseVerdicts }[]> =>
  policyDb(db).selectFrom('policy_verdict').select(['label_id', 'phases']).where('class_id', '=', of.class_id).where('purpose', '=', of.purpose).where('epoch', '=', of.epoch).execute()

/** Whoever asks at the same time stores the same. */
export async function keepVerdicts(t: Db, of: Of, verdicts: ReadonlyMap<number, PhaseVerdicts>): Promise<void> {
  const rows = [...verdicts].map(([label_id, phases]) => ({ ...of, label_id, phases: JSON.stringify(phases) }))
  for (let at = 0; at < rows.length; at += rows_at_once_max) {
    await policyDb(t).insertInto('policy_verdict').values(rows.slice(at, at + rows_at_once_max)).onConflict((conflict) => conflict.doNothing()).execute()
  }
}

/** Verdicts of policy sets that are not in force any more. */
export const forgetVerdicts = async (t: Db, organisation_id: number, before_epoch: number): Promise<void> => {
  await sql`delete from policy_verdict using policy_class where policy_class.id = class_id and organisation_id = ${organisation_id} and epoch < ${before_epoch}`.execute(t)
}
