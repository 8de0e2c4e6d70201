import { formatSeconds } from '@hirundo/base'
import type { Label } from '@hirundo/contract'
import { between, poisson } from '../draws.ts'
import { dotted } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, type ScenarioWorld } from '../process.ts'
import { researchHost, research_hosts } from '../noise/research.ts'
import { shapeNumber } from '../shapes.ts'
import type { Planted } from './crowd.ts'

const HOUR_S = 3600
const MINUTE_S = 60
/** Nothing may be found because of these. */
const harmless = { kinds: [], strength: 'obvious' } as const satisfies Partial<Label>

export interface Quiet { readonly id: string; readonly event: number; readonly start_s: number }

/** A known research scanner sweeps one rare port with 40 addresses for a day, at four packets a minute. */
export function survey(world: ScenarioWorld, { id, event, start_s }: Quiet, port: number): Planted {
  const random = streamOf(world, parts.survey, event)
  const end_s = start_s + 24 * HOUR_S
  const hosts = Array.from({ length: 40 }, (_, i) => researchHost((event * 40 + i) % research_hosts))
  return {
    labels: [{
      ...harmless, id, event: 'research', subjects: [{ protocol: 'tcp', port }, ...hosts.map((source) => ({ source: dotted(source) }))],
      kinds: [], start: formatSeconds(start_s), end: formatSeconds(end_s),
    }],
    process: {
      draw: (minute_s, out) => {
        if (minute_s < start_s || minute_s >= end_s) return
        for (let n = poisson(random, 4); n > 0; n--) out.add(shapeNumber.zmap, hosts[random.below(hosts.length)]!, random.below(world.addresses), port, 1, random.below(60))
      },
    },
  }
}

/** A third to half of the sensors hear nothing for three to six hours. */
export function outage(world: ScenarioWorld, { id, event, start_s }: Quiet): Planted {
  const random = streamOf(world, parts.plan, 500 + event)
  const end_s = start_s + Math.round(between(random, 3, 6) * 60) * MINUTE_S
  const share = between(random, 1 / 3, 1 / 2)
  const silent = world.sensors.filter(() => random.unit() < share).map(({ index }) => index)
  const set = (out: Minute, value: number): void => { for (const index of silent) out.silent[index] = value }
  return {
    labels: [{ ...harmless, id, event: 'outage', kinds: [], subjects: [], start: formatSeconds(start_s), end: formatSeconds(end_s) }],
    process: {
      draw: (minute_s, out) => {
        if (minute_s === start_s) set(out, 1)
        else if (minute_s === end_s) set(out, 0)
      },
    },
  }
}

/** One sensor's clock is six hours ahead for two to five hours: minutes of it are missing, later ones come twice. */
export function clockJump(world: ScenarioWorld, { id, event, start_s }: Quiet): Planted {
  const random = streamOf(world, parts.plan, 600 + event)
  const stop_s = start_s + Math.round(between(random, 2, 5) * 60) * MINUTE_S
  const ahead_s = 6 * HOUR_S
  const large = world.sensors.toSorted((a, b) => b.addresses - a.addresses)
  const { index } = large[random.below(Math.max(1, Math.floor(large.length / 3)))]!
  return {
    labels: [{ ...harmless, id, event: 'clock-jump', kinds: [], subjects: [], start: formatSeconds(start_s), end: formatSeconds(stop_s + ahead_s) }],
    process: {
      draw: (minute_s, out) => {
        if (minute_s === start_s) out.clock_s[index] = ahead_s
        else if (minute_s === stop_s) out.clock_s[index] = 0
      },
    },
  }
}
