import { Type } from 'typebox'
import type { Setting } from '../../platform/module.ts'
import { indicatorSourcesMin } from './interactions/indicators.ts'

const MiB = 1024 * 1024
const GiB = 1024 * MiB

/** Bounds and times that are fixed while a node runs; every name says its unit. */
export interface ObservatoryConfig {
  /** Enrolments of one organisation that wait for a decision: none keeps those of another out. */
  readonly pending_sensors_max: number
  readonly sensor_epochs_max: number
  /** A sensor counts as live when it was heard of within this time. */
  readonly live_within_ms: number
  /** Received but not yet queryable; beyond it sensors are told to wait. */
  readonly backlog_bytes_max: number
  readonly retry_after_s: number
  /** How long a row may wait for others before its block is written. */
  readonly flush_after_ms: number
  /** Decoded rows held at once while blocks are made. */
  readonly plan_bytes_max: number
  readonly rollup_every_ms: number
  /** After its end an hour stays open this long; what comes later makes it dirty. */
  readonly hour_closes_after_s: number
  /** A dirty hour waits until no row came for this long … */
  readonly rollup_quiet_ms: number
  readonly retention_every_ms: number
  readonly networks_every_ms: number
  readonly refused_files_max: number
  readonly retry_ms_min: number
  readonly retry_ms_max: number
  /** Whether economy and AS tables are loaded; tests that ask for neither leave it out. */
  readonly networks: boolean
}

export const observatoryDefaults: ObservatoryConfig = {
  pending_sensors_max: 100,
  sensor_epochs_max: 100_000,
  live_within_ms: 3 * 60_000,
  backlog_bytes_max: 4 * GiB,
  retry_after_s: 5,
  flush_after_ms: 1000,
  plan_bytes_max: 96 * MiB,
  rollup_every_ms: 15_000,
  hour_closes_after_s: 180,
  rollup_quiet_ms: 10_000,
  retention_every_ms: 10 * 60_000,
  networks_every_ms: 60_000,
  refused_files_max: 32,
  retry_ms_min: 200,
  retry_ms_max: 10_000,
  networks: true,
}

const days = (maximum: number) => Type.Integer({ minimum: 1, maximum })

export const rawRetentionDays = {
  key: 'observatory.raw_retention_days',
  summary: 'Days that single flows are kept; whole months are dropped, so that it may be up to 31 more',
  schema: days(3660),
  default: 90,
} satisfies Setting
export const hourRetentionDays = {
  key: 'observatory.hour_retention_days',
  summary: 'Days that sums per hour are kept; sums per day are kept for ever',
  schema: days(36_600),
  default: 730,
} satisfies Setting
export const contentRetentionDays = {
  key: 'observatory.content_retention_days',
  summary: 'Days that what strangers wrote to answering sensors is kept: samples and their hashes, logins, URLs, texts; whole months are cleared, so that it may be up to 31 more',
  schema: days(3660),
  default: 30,
} satisfies Setting
export const journalRetentionDays = {
  key: 'observatory.journal_retention_days',
  summary: 'Days that received batches are kept in the journal at least; longer until a backup covers them',
  schema: Type.Integer({ minimum: 7, maximum: 3660 }),
  default: 7,
} satisfies Setting
export const journalBytesMax = {
  key: 'observatory.journal_bytes_max',
  summary: 'Size beyond which batches that are past their days and queryable leave the journal without a backup',
  schema: Type.Integer({ minimum: 64 * MiB, maximum: 2 ** 50 }),
  default: 64 * GiB,
} satisfies Setting
export const networksEconomyFile = {
  key: 'observatory.networks_economy_file',
  summary: 'The operator’s own table of economies (CSV: first, last, economy; or MMDB); empty: the one that comes with the node',
  schema: Type.String({ maxLength: 1000 }),
  default: '',
} satisfies Setting
export const networksAsnFile = {
  key: 'observatory.networks_asn_file',
  summary: 'The operator’s own table of networks (CSV: first, last, AS number, name; or MMDB); empty: the one that comes with the node',
  schema: Type.String({ maxLength: 1000 }),
  default: '',
} satisfies Setting
export const researchNetworks = {
  key: 'observatory.research_networks',
  summary: 'Networks of research scanners beside those that come with the node; kind "not" takes a listed one out',
  schema: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 100 }),
      cidr: Type.String({ minLength: 2, maxLength: 49 }),
      kind: Type.Optional(Type.Union([Type.Literal('scanner'), Type.Literal('not')])),
    }),
    { maxItems: 1000 },
  ),
  default: [],
} satisfies Setting

export const observatorySettings: readonly Setting[] = [
  rawRetentionDays, contentRetentionDays, hourRetentionDays, journalRetentionDays, journalBytesMax, networksEconomyFile, networksAsnFile, researchNetworks,
  indicatorSourcesMin,
]
