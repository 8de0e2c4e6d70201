import { unwrap, uuidFromBytes } from '@hirundo/base'
import type { Viewer } from '@hirundo/contract'
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely'
import { labelsOf } from '../label-store.ts'
import type { Label } from '../label.ts'
import { Verdicts } from '../verdicts/verdicts.ts'
import { PolicyKit } from './kit.ts'

/** Who sees this share of the rows, in percent. */
export const shares = [0, 1, 75] as const
export type Share = (typeof shares)[number]
export type Question = 'first page' | 'page in the middle' | 'count'
export const questions: readonly Question[] = ['first page', 'page in the middle', 'count']

const PAGE_ROWS = 100

const teamOf = (n: number): string => {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(0, n)
  bytes[6] = 0x40
  bytes[8] = 0x80
  return uuidFromBytes(bytes)
}
const teamOfShare = (share: Share): string => teamOf(1_000_000 + share)

/** Each is for a team of its own, and for the teams of the shares that it belongs to. */
const labelAt = (i: number, count: number): Label => ({
  tlp: 'TLP:GREEN', layer: 'operations', purpose: 'any',
  circle: { kind: 'teams', teams: [teamOf(i), ...shares.filter((share) => (share === 1 ? i >= count * 0.99 : i < (count * share) / 100)).map(teamOfShare)].toSorted() },
})
const viewerOf = (share: Share): Viewer => ({ team: teamOfShare(share), own: false, role: 'analyst', layers: ['operations'], purposes: ['defence'], communities: [] })

/** Makes and fills the table; gives the organisation whose rows they are. */
async function fill(kit: PolicyKit, { rows, labels }: { readonly rows: number, readonly labels: number }): Promise<number> {
  const organisation_id = await kit.organisation()
  for (let i = 0; i < labels; i++) await kit.intern(organisation_id, labelAt(i, labels))
  const ids = (await labelsOf(kit.postgres.db, organisation_id)).map(({ id }) => id)
  for (const statement of [
    sql`create table labelled (id bigint generated always as identity primary key, organisation_id bigint not null, label_id bigint not null, at timestamptz not null, about text not null)`,
    // 7919 is prime to the number of labels: neighbours in time carry different ones.
    sql`insert into labelled (organisation_id, label_id, at, about)
      select ${organisation_id}, (${ids}::bigint[])[1 + (n::bigint * 7919) % ${labels}], timestamptz '2026-01-01Z' + n * interval '1 second', 'row ' || n from generate_series(1, ${rows}) n`,
    sql`create index labelled_by_time on labelled (organisation_id, at desc, id desc)`,
    sql`create index labelled_by_label on labelled (organisation_id, label_id, at desc, id desc)`,
    sql`vacuum analyze labelled`,
  ]) await statement.execute(kit.postgres.db)
  return organisation_id
}

/** A table of labelled rows in a PostgreSQL of its own, asked with and without the filter of labels. For the benchmark. */
export class LabelledRows {
  readonly #kit: PolicyKit
  readonly #db: Kysely<unknown>
  readonly #organisation_id: number
  readonly #rows: number
  readonly #verdicts: Verdicts

  private constructor(kit: PolicyKit, organisation_id: number, rows: number) {
    this.#kit = kit
    this.#db = kit.postgres.db
    this.#organisation_id = organisation_id
    this.#rows = rows
    this.#verdicts = new Verdicts(kit.platform)
  }

  /** `rows` rows, `labels` labels, as many rows of each, mixed over time. */
  static async start({ rows, labels }: { readonly rows: number, readonly labels: number }): Promise<LabelledRows> {
    const kit = await PolicyKit.start()
    try {
      return new LabelledRows(kit, await fill(kit, { rows, labels }), rows)
    } catch (error) {
      await kit.stop()
      throw error
    }
  }

  /** Milliseconds until a viewer whose class is new is known. */
  async learn(share: Share): Promise<number> {
    const started = performance.now()
    unwrap(await this.#verdicts.permits(this.#organisation_id, viewerOf(share), 'defence'))
    return performance.now() - started
  }

  /** Asks as a list does, the permits first; `undefined`: without the filter. Milliseconds, and rows of the page or counted. */
  async ask(question: Question, share: Share | undefined): Promise<{ readonly ms: number, readonly rows: number }> {
    const started = performance.now()
    const filter = share === undefined ? sql<SqlBool>`true` : unwrap(await this.#verdicts.permits(this.#organisation_id, viewerOf(share), 'defence')).where('labelled.label_id')
    const rows = question === 'count' ? await this.#count(filter) : await this.#page(filter, question === 'first page' ? this.#rows : Math.floor(this.#rows / 2))
    return { ms: performance.now() - started, rows }
  }

  async #count(filter: RawBuilder<SqlBool>): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*) as count from labelled where organisation_id = ${this.#organisation_id} and ${filter}`.execute(this.#db)
    return rows[0]!.count
  }

  async #page(filter: RawBuilder<SqlBool>, below: number): Promise<number> {
    const { rows } = await sql`select id, label_id, at, about from labelled where organisation_id = ${this.#organisation_id} and ${filter}
      and (at, id) < (timestamptz '2026-01-01Z' + (${below} + 1) * interval '1 second', 0) order by at desc, id desc limit ${PAGE_ROWS}`.execute(this.#db)
    return rows.length
  }

  stop = (): Promise<void> => this.#kit.stop()
}
