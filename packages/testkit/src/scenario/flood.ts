import type { Random } from '../traffic/random.ts'
import { gamma, pickOf, poisson } from './draws.ts'
import type { Minute } from './minute.ts'
import { shapeNumber } from './shapes.ts'

/** A flood of forged sources: the victim answers to all of IPv4, and some answers come to us. */
export interface Flood {
  readonly victim: number
  readonly port: number
  readonly from_s: number
  readonly to_s: number
  /** Answers a minute that reach the pooled addresses. */
  readonly per_minute: number
}

/** How unsteady a flood is from minute to minute (shape of a gamma factor). */
const LUMPS = 12
const answers = [shapeNumber.syn_ack, shapeNumber.syn_ack, shapeNumber.reset] as const

export function drawFlood(flood: Flood, minute_s: number, addresses: number, random: Random, out: Minute): void {
  const share = Math.min(1, (flood.to_s - minute_s) / 60, (minute_s + 60 - flood.from_s) / 60)
  if (share <= 0) return
  const first = Math.max(0, flood.from_s - minute_s)
  const length = Math.max(1, Math.min(60, flood.to_s - minute_s) - first)
  for (let n = poisson(random, flood.per_minute * share * gamma(random, LUMPS)); n > 0; n--) {
    out.addBackscatter(pickOf(random, answers), flood.victim, random.below(addresses), flood.port, 1024 + random.below(64_000), 1, Math.floor(first + random.below(length)))
  }
}
