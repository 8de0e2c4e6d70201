import type { InteractionQuestion, Store } from '@hirundo/analytics'
import { fail, formatSeconds, ok, type Result } from '@hirundo/base'
import { maskAddresses } from '@hirundo/formats'
import type { Actor, Platform } from '../../../platform/module.ts'
import { chosen, inService, rangeOf, type Asked } from '../answers/scope.ts'
import { askedSensors, type AskedSensor } from '../answers/store.ts'
import { readFloors } from '../rollups/freshness.ts'
import { ownDecoys } from './decoys.ts'
import { holds } from './networks.ts'

/** What answers need of the node. */
export interface Tools extends Pick<Platform, 'db' | 'world' | 'settings' | 'audit'> {
  readonly analytics: Pick<Store, 'networksAsOf' | 'interactions'>
}

/** A question about interactions, and whom it is about. */
export interface HeardScope {
  readonly question: InteractionQuestion
  readonly sensors: readonly AskedSensor[]
  /** All of the organisation. */
  readonly all: readonly AskedSensor[]
}

/**
 * The question with the organisation's own decoys left out. Interactions are kept as single rows only: what is older is
 * not asked for. Problems: `request/invalid`, `sensor/not-found`, `query/too-wide` (nothing of the range is kept).
 */
export async function heardScope({ db, world }: Pick<Tools, 'db' | 'world'>, { organisation_id }: Pick<Actor, 'organisation_id'>, asked: Asked): Promise<Result<HeardScope>> {
  const range = rangeOf(asked, world.now())
  if (!range.ok) return range
  const [all, hidden, { raw_from }] = await Promise.all([askedSensors(db, organisation_id), ownDecoys(db, organisation_id), readFloors(db)])
  const sensors = chosen(all, asked.sensor)
  if (!sensors.ok) return sensors
  if (range.value.to <= raw_from) return fail('query/too-wide', { what: 'range', kept_from: formatSeconds(raw_from) })
  const question: InteractionQuestion = {
    from: Math.max(range.value.from, raw_from), to: range.value.to, organisation: organisation_id, research: asked.research ?? 'include',
    ...(hidden.length > 0 ? { hidden } : {}),
    ...(sensors.value.length < all.length ? { sensors: sensors.value.map(({ id }) => id) } : {}),
  }
  return ok({ question, sensors: sensors.value, all })
}

export const nameOf = ({ all }: HeardScope): ((id: number) => string) => {
  const names = new Map(all.map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? 'unknown'
}

export interface HeardEnvelope<T> {
  readonly from: string
  readonly to: string
  readonly sensors_heard: number
  readonly sensors_total: number
  readonly simulated: boolean
  readonly research: 'include' | 'exclude' | 'only'
  readonly tables_as_of: string | null
  readonly note: 'location-of-address-not-of-actor' | null
  readonly data: T
}

/** Puts beside the data what a reader must know. `located`: economies or networks stand in it. */
export async function heardEnvelope<T>({ analytics }: Pick<Tools, 'analytics'>, scope: HeardScope, located: boolean, answer: Promise<T>): Promise<HeardEnvelope<T>> {
  const { question, sensors } = scope
  const [data, heard, tables_as_of] = await Promise.all([answer, analytics.interactions.sensorsHeard(question), analytics.networksAsOf()])
  const ids = new Set(heard)
  const counted = sensors.filter((sensor) => ids.has(sensor.id) || inService(sensor, question))
  return {
    from: formatSeconds(question.from), to: formatSeconds(question.to),
    sensors_heard: counted.filter(({ id }) => ids.has(id)).length, sensors_total: counted.length,
    simulated: counted.some(({ simulated }) => simulated),
    research: question.research, tables_as_of, note: located ? 'location-of-address-not-of-actor' : null, data,
  }
}

/** Text and bytes with our own decoys' addresses taken out: a Host header names whom it was sent to. */
export interface Masks {
  text(text: string): string
  bytes(bytes: Uint8Array): Uint8Array
}

export function masksOf({ question: { hidden = [] } }: HeardScope): Masks {
  if (hidden.length === 0) return { text: (text) => text, bytes: (bytes) => bytes }
  const hides = holds(hidden)
  const text = (given: string) => maskAddresses(given, hides)
  return { text, bytes: (bytes) => Buffer.from(text(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')), 'latin1') }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The text without the networks, also where their addresses stand alone. */
function withoutNetworks(text: string, networks: readonly string[]): string {
  const parts = networks.flatMap((network) => [network, network.split('/', 1)[0]!]).toSorted((a, b) => b.length - a.length)
  return text.replace(new RegExp(parts.map(escaped).join('|'), 'gi'), 'x')
}

/** An error of the store may quote the question, and the question names our decoys: nothing of them may reach the log. */
export async function withoutDecoys<T>({ question: { hidden = [] } }: HeardScope, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (hidden.length === 0 || !(error instanceof Error)) throw error
    if ('problem' in error) throw error
    const told = new Error(withoutNetworks(error.message, hidden))
    told.name = error.name
    told.stack = withoutNetworks(error.stack ?? '', hidden)
    throw told
  }
}
