import type { Kysely } from 'kysely'
import { bulletinDb, type DeliveryRecord, type MessageRecord, type SubscriptionRecord } from '../tables.ts'

/** Where a message goes, with what its channel needs. */
export type Address = Pick<MessageRecord, 'channel' | 'target' | 'secret' | 'person_id'>

const keyOf = ({ channel, target, secret, person_id }: Address): string => JSON.stringify([channel, target, secret?.toString('base64') ?? null, person_id])

export const sameAddress = (a: Address, b: Address): boolean => keyOf(a) === keyOf(b)

/** Where each goes: a withdrawal to where the bulletin went, everything else to where the subscription sends now. */
export async function byAddress(t: Kysely<unknown>, subscription: SubscriptionRecord, deliveries: readonly DeliveryRecord[]): Promise<{ address: Address, deliveries: DeliveryRecord[] }[]> {
  const ids = deliveries.flatMap(({ reached_by }) => (reached_by === null ? [] : [reached_by]))
  const messages = ids.length === 0 ? [] : await bulletinDb(t).selectFrom('warning_message').select(['id', 'channel', 'target', 'secret', 'person_id']).where('id', 'in', ids).execute()
  const reached = new Map<number, Address>(messages.map((one) => [one.id, one]))
  const groups = new Map<string, { address: Address, deliveries: DeliveryRecord[] }>()
  for (const one of deliveries) {
    const address = one.reached_by === null ? subscription : reached.get(one.reached_by)!
    const key = keyOf(address)
    const group = groups.get(key) ?? { address, deliveries: [] }
    group.deliveries.push(one)
    groups.set(key, group)
  }
  return [...groups.values()]
}
