import { createHmac } from 'node:crypto'
import type { CommonValue } from '@hirundo/analytics'
import { fail, ok, type Result } from '@hirundo/base'
import type { indicatorKinds } from '@hirundo/contract'
import { Type } from 'typebox'
import type { Actor, Platform, Setting } from '../../../platform/module.ts'
import { keepKey, lockKey, replaceKey, selectKey } from './store.ts'

export type IndicatorKind = (typeof indicatorKinds)[number]

const KEY_BYTES = 32
const KEY_BYTES_MAX = 64
const KEY_ID_CHARS = 16
/** A key of random bytes has far more different ones; one of a text or of zeros has not. */
const DIFFERENT_BYTES_MIN = 16
/** No kind is called that and none has a line feed, so that no indicator can equal it. */
const KEY_ID_TEXT = 'hirundo-indicator-key-v1'

export const indicatorSourcesMin = {
  key: 'observatory.indicator_sources_min',
  summary: 'Only values that so many different sources sent are given as indicators',
  schema: Type.Integer({ minimum: 3, maximum: 100_000 }),
  default: 5,
} satisfies Setting

const hmac = (key: Uint8Array, text: string): string => createHmac('sha256', key).update(text, 'utf8').digest('hex')

/** Names a key without telling it. */
export const keyIdOf = (key: Uint8Array): string => hmac(key, KEY_ID_TEXT).slice(0, KEY_ID_CHARS)

/** 64 hexadecimal digits: HMAC-SHA-256 (RFC 2104) over kind, a line feed and the value in UTF-8. */
export const indicatorOf = (key: Uint8Array, kind: IndicatorKind, value: string): string => hmac(key, `${kind}\n${value}`)

/** The largest of 5, 10, 20, 50, 100 … that is not above, but not below what every given value has anyway. */
export function roundedDown(sources: number, sources_min: number): number {
  let step = 1
  while (step * 10 <= sources) step *= 10
  const rounded = [5, 2, 1].map((digit) => digit * step).find((value) => value <= sources) ?? 0
  return Math.max(sources_min, rounded)
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export interface Indicator {
  readonly hmac: string
  readonly sources_at_least: number
  readonly first_day: string
  readonly last_day: string
}

/** Shared forms of common values; their order tells no more than their figures. */
export function indicatorsOf(key: Uint8Array, kind: IndicatorKind, values: readonly CommonValue[], sources_min: number): readonly Indicator[] {
  return values.filter(({ value, sources }) => sources >= sources_min && value !== '')
    .map(({ value, sources, first_seen_ms, last_seen_ms }) => ({
      hmac: indicatorOf(key, kind, value), sources_at_least: roundedDown(sources, sources_min),
      first_day: dayOf(first_seen_ms), last_day: dayOf(last_seen_ms),
    }))
    .toSorted((a, b) => b.sources_at_least - a.sources_at_least || (a.hmac < b.hmac ? -1 : 1))
}

/** The node's key, made when it is first asked for. Goes into no answer and no log. */
export async function indicatorKey({ db, world }: Pick<Platform, 'db' | 'world'>): Promise<Uint8Array> {
  return await selectKey(db) ?? keepKey(db, world.random(KEY_BYTES), new Date(world.now()))
}

/** Bytes of a key in base64. Problem: `request/invalid`, which says nothing of what was given. */
function readKey(text: string): Result<Uint8Array> {
  const bytes = Buffer.from(text, 'base64')
  const written = [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, '')]
  if (!written.includes(text)) return fail('request/invalid', { what: 'key', reason: 'not base64' })
  if (bytes.length < KEY_BYTES || bytes.length > KEY_BYTES_MAX) return fail('request/invalid', { what: 'key', bytes_min: KEY_BYTES, bytes_max: KEY_BYTES_MAX })
  return new Set(bytes).size < DIFFERENT_BYTES_MIN ? fail('request/invalid', { what: 'key', reason: 'not random' }) : ok(bytes)
}

/** Takes the key in the place of the one before, which is forgotten. Problem: `request/invalid`. */
export async function setKey({ db, world, audit }: Pick<Platform, 'db' | 'world' | 'audit'>, actor: Actor, text: string): Promise<Result<{ key_id: string }>> {
  const key = readKey(text)
  if (!key.ok) return key
  const key_id = keyIdOf(key.value)
  return db.transaction().execute(async (t) => {
    await lockKey(t)
    const before = await selectKey(t)
    await replaceKey(t, key.value, new Date(world.now()))
    await audit({
      organisation_id: actor.organisation_id, actor: actor.actor_id, action: 'interactions.set-indicator-key', subject: key_id,
      detail: { before: before ? keyIdOf(before) : null },
    }, t)
    return ok({ key_id })
  })
}
