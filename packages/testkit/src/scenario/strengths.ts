import type { Label } from '@hirundo/contract'

export type Strength = Exclude<Label['strength'], 'background'>
export const strengths = ['obvious', 'medium', 'faint', 'barely'] as const satisfies readonly Strength[]

/**
 * What each strength of an event is, in physical terms; docs/backtest.md gives the reasons. Hosts send `pps` packets a second
 * each, to all of IPv4 in random order; 270 addresses see one packet in 16 million.
 */
export const worms = {
  obvious: { hosts: 400_000, pps: 200, doubling_h: 2 },
  medium: { hosts: 200_000, pps: 100, doubling_h: 4 },
  faint: { hosts: 60_000, pps: 60, doubling_h: 8 },
  barely: { hosts: 15_000, pps: 40, doubling_h: 12 },
} as const satisfies Record<Strength, object>

export const bursts = {
  obvious: { hosts: 30_000, pps: 100 },
  medium: { hosts: 3_000, pps: 100 },
  faint: { hosts: 800, pps: 100 },
  barely: { hosts: 200, pps: 100 },
} as const satisfies Record<Strength, object>

export const botnets = {
  obvious: { hosts: 20_000, pps: 100 },
  medium: { hosts: 3_000, pps: 100 },
  faint: { hosts: 800, pps: 100 },
  barely: { hosts: 200, pps: 100 },
} as const satisfies Record<Strength, object>

/** One packet every so many minutes to some address of ours, over so many days. */
export const slowScans = {
  obvious: { sources: 1, every_min: 5, days: 3 },
  medium: { sources: 1, every_min: 25, days: 6 },
  faint: { sources: 2, every_min: 90, days: 8 },
  barely: { sources: 3, every_min: 480, days: 10 },
} as const satisfies Record<Strength, object>

/** Hosts at first; they double every `doubling_d` until the weakness is disclosed, then tenfold within two days. */
export const discoveries = {
  obvious: { hosts: 40, pps: 500, doubling_d: 4, quiet_d: 12 },
  medium: { hosts: 8, pps: 500, doubling_d: 5, quiet_d: 14 },
  faint: { hosts: 3, pps: 400, doubling_d: 6, quiet_d: 16 },
  barely: { hosts: 1, pps: 300, doubling_d: 9, quiet_d: 18 },
} as const satisfies Record<Strength, object>

/** Million packets a second that the victim answers with. */
export const floods = {
  obvious: { mpps: 80, minutes: 20 },
  medium: { mpps: 16, minutes: 10 },
  faint: { mpps: 9, minutes: 3 },
  barely: { mpps: 4, minutes: 3 },
} as const satisfies Record<Strength, object>

export const reflections = {
  obvious: { sensors: 4, per_minute: 600, minutes: 20 },
  medium: { sensors: 2, per_minute: 40, minutes: 10 },
  faint: { sensors: 1, per_minute: 12, minutes: 10 },
  barely: { sensors: 1, per_minute: 4, minutes: 10 },
} as const satisfies Record<Strength, object>

/** One infected host of the own constituency. */
export const ownHosts = {
  obvious: { pps: 4_000, days: 4 },
  medium: { pps: 800, days: 4 },
  faint: { pps: 250, days: 3 },
  barely: { pps: 60, days: 3 },
} as const satisfies Record<Strength, object>

/** A password that nobody tried before, in so many visits a day to all answering sensors together. */
export const credentials = {
  obvious: { visits_per_day: 200, hosts: 120, days: 3 },
  medium: { visits_per_day: 40, hosts: 40, days: 4 },
  faint: { visits_per_day: 8, hosts: 10, days: 5 },
  barely: { visits_per_day: 1.5, hosts: 3, days: 6 },
} as const satisfies Record<Strength, object>
