import { tlps, type FindingKind, type PassedOver, type Severity, type Tlp } from '@hirundo/contract'
import { rankOf } from '../model.ts'
import type { Facets, Told } from './draft/facts.ts'
import type { BulletinKey } from './words.ts'

/** Bounds of one node; what is beyond is refused or counted. */
export const bounds = {
  /** Of one organisation. */
  subscriptions_max: 200,
  /** Deliveries that wait for one subscription. */
  waiting_max: 5000,
  /** Lines of a mail that takes several together. */
  digest_lines_max: 50,
  /** Items of a webhook's body. */
  digest_items_max: 200,
  /** Of one person; older ones go. */
  notices_max: 1000,
  attempts_max: 30,
  retry_ms_min: 60_000,
  retry_ms_max: 3_600_000,
  /** Beyond the messages of an hour: one that joins them, this often. */
  joined_every_ms: 600_000,
  /** Longer than a mail or a webhook may take. */
  lease_ms: 180_000,
  /** Deliveries of findings are kept this long. */
  keep_days: 400,
} as const

export type MessageState = 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown'
export type DeliveryState = 'waiting' | 'sent' | 'failed' | 'unknown'
/** With subscription and object what is sent once. */
export type DeliveryWhat = 'released' | 'withdrawn' | 'found' | `worse-${Severity}` | 'test'
export type ProblemOfDelivery = Extract<BulletinKey, `problem_${string}`> extends `problem_${infer Rest}` ? Rest : never

/** What a notice of a finding tells: as it was when it was told. */
export interface DeliveryContent {
  readonly told: Told
  readonly found_at: string
  /** What it was known as before it got worse. */
  readonly before: Severity | null
}

/** What a subscription asks for; an empty list asks for all. */
export interface Interest {
  readonly kinds: readonly FindingKind[]
  readonly ports: readonly string[]
  readonly economies: readonly string[]
  readonly asns: readonly number[]
  readonly severity_min: Severity
  readonly tlp_max: Tlp
}

export const tlpRank = (tlp: Tlp): number => tlps.indexOf(tlp)
export const strictest = (all: readonly Tlp[]): Tlp => tlps[Math.max(0, ...all.map(tlpRank))]!
export const worst = (all: readonly Severity[]): Severity => all.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a), 'record')

const meets = <T>(wanted: readonly T[], has: readonly T[]): boolean => wanted.length === 0 || has.some((one) => wanted.includes(one))

/** The first reason why a subscription does not hear of something; undefined: it does. What has no port is not heard of by one that asks for ports. */
export function passesOver(interest: Interest, facets: Facets): Exclude<PassedOver, 'paused'> | undefined {
  if (!meets(interest.kinds, [facets.kind])) return 'kind'
  if (!meets(interest.ports, facets.ports)) return 'port'
  if (!meets(interest.economies, facets.economies)) return 'economy'
  if (!meets(interest.asns, facets.asns)) return 'asn'
  if (rankOf(facets.severity) < rankOf(interest.severity_min)) return 'severity'
  return tlpRank(facets.tlp) > tlpRank(interest.tlp_max) ? 'tlp' : undefined
}

export const wants = (interest: Interest, facets: Facets): boolean => passesOver(interest, facets) === undefined

/** `HB-2026-0001` */
export const bulletinNumber = ({ year, serial }: { readonly year: number, readonly serial: number }): string => `HB-${year}-${String(serial).padStart(4, '0')}`

/** When a message is tried again after its `attempts`-th attempt: twice as long each time. */
export const retryAfterMs = (attempts: number): number => Math.min(bounds.retry_ms_max, bounds.retry_ms_min * 2 ** Math.min(20, attempts - 1))

export type Plan =
  | { readonly kind: 'each' }
  | { readonly kind: 'one', readonly joined: boolean }
  | { readonly kind: 'later', readonly at_ms: number }

export interface Pace {
  readonly digest: boolean
  readonly due: number
  readonly sent_last_hour: number
  readonly per_hour_max: number
  readonly now_ms: number
  /** When the subscription's last message was made; null: never. */
  readonly last_ms: number | null
}

/**
 * How what is due goes out: each by itself; all as one; or not yet. A flood never makes more than `per_hour_max` messages an
 * hour and one more every ten minutes, and nothing of it waits longer than that.
 */
export function planOf({ digest, due, sent_last_hour, per_hour_max, now_ms, last_ms }: Pace): Plan {
  if (sent_last_hour >= per_hour_max) {
    const free_ms = (last_ms ?? 0) + bounds.joined_every_ms
    return now_ms >= free_ms ? { kind: 'one', joined: true } : { kind: 'later', at_ms: free_ms }
  }
  if (digest) return { kind: 'one', joined: false }
  return due <= per_hour_max - sent_last_hour ? { kind: 'each' } : { kind: 'one', joined: true }
}
