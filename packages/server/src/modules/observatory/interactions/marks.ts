import { cidrContains, fail, ok, unwrap, parseAddress, parseCidr, type Result } from '@hirundo/base'
import type { AddressMark, AddressMarkKind, MarkList } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { parseNetworks } from './networks.ts'
import { deleteMarks, lockMarks, marksHolding, replaceMarks, selectMarkLists, type MarkListRow } from './store.ts'

type Tools = Pick<Platform, 'db' | 'world' | 'audit'>
const lists_max = 50
const networks_of_all_max = 1_000_000

/** Shared address space: behind every address of it stand many customers, whatever lists are loaded. */
const RFC_6598 = { mark: { kind: 'cgnat', list: 'RFC 6598', as_of: '2012-04-01' } satisfies AddressMark, network: unwrap(parseCidr('100.64.0.0/10')) }

/** Why the address (written as by `formatAddress`) may stand for many people. */
export async function marksOf(db: Kysely<unknown>, address: string): Promise<readonly AddressMark[]> {
  const shared = cidrContains(RFC_6598.network, unwrap(parseAddress(address)))
  return [...(shared ? [RFC_6598.mark] : []), ...await marksHolding(db, address)]
}

const view = ({ loaded_at, ...row }: MarkListRow): MarkList => ({ ...row, loaded_at: loaded_at.toISOString() })

export const listMarkLists = async (db: Kysely<unknown>): Promise<readonly MarkList[]> => (await selectMarkLists(db)).map(view)

const isDate = (text: string): boolean => {
  const millis = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text)
}

/** Loads or replaces a list. Problem: `request/invalid` (a line, the date, the name, or a bound). */
export async function loadMarkList(
  { db, world, audit }: Tools, actor: Actor, list: string, { kind, as_of }: { readonly kind: AddressMarkKind; readonly as_of: string }, body: Uint8Array,
): Promise<Result<MarkList>> {
  if (!isDate(as_of)) return fail('request/invalid', { what: 'as_of' })
  if (list.toUpperCase() === RFC_6598.mark.list) return fail('request/invalid', { what: 'list', reason: 'this name is always counted' })
  const networks = parseNetworks(body)
  if (!networks.ok) return networks
  const row = { list, kind, as_of, networks: networks.value.length, loaded_at: new Date(world.now()) }
  return db.transaction().execute(async (t) => {
    const beside = await lockMarks(t, list)
    if (beside.others >= lists_max) return fail('request/invalid', { what: 'lists', max: lists_max })
    if (beside.networks + row.networks > networks_of_all_max) return fail('request/invalid', { what: 'networks of all lists', max: networks_of_all_max })
    await replaceMarks(t, row, networks.value)
    await audit(entry(actor, 'marks.load', list, { kind, as_of, networks: row.networks }), t)
    return ok(view(row))
  })
}

/** Problem: `marks/not-found`. */
export function removeMarkList({ db, audit }: Tools, actor: Actor, list: string): Promise<Result<Record<never, never>>> {
  return db.transaction().execute(async (t) => {
    await lockMarks(t, list)
    const row = await deleteMarks(t, list)
    if (!row) return fail('marks/not-found')
    await audit(entry(actor, 'marks.remove', list, { ...row }), t)
    return ok({})
  })
}

const entry = (actor: Actor, action: string, subject: string, detail: Record<string, unknown>) =>
  ({ organisation_id: actor.organisation_id, actor: actor.actor_id, action, subject, detail })
