import { ones } from '../core/bit-sets.ts'
import type { PortKey } from '../core/port-key.ts'
import type { DayPairs } from './day-pairs.ts'
import { hasWindow, withoutWindow, type Look } from './looks.ts'

/** Sources on one port that look alike. */
export interface Group {
  readonly port: PortKey
  /** With a window when nearly all have it. */
  readonly look: Look
}

export interface MemberOfGroup {
  readonly source: number
  readonly packets: number
  readonly hours: number
  /** Minute of the day in which it came first. */
  readonly first: number
}

/** A group with who is in it. */
export interface GroupView extends Group {
  readonly members: readonly MemberOfGroup[]
  /** One in 2^level of the port's sources is kept. */
  readonly level: number
  /** All members, when those kept stand for more. */
  readonly count: number
  /** Distinct sensors: a lower bound, of no more than 64. */
  readonly sensors: number
  /** Members in each hour of the day. */
  readonly hours: readonly number[]
  /** Of its members, as many as those kept stand for. */
  readonly packets: number
  /** Minute of the day in which a member came last. */
  readonly last: number
}

const HOURS = 24
/** So much of a group must have one window for it to be a mark of the group. */
const WINDOW_SHARE = 0.7

export const belongs = (group: Look, look: Look): boolean => (hasWindow(group) ? look === group : withoutWindow(look) === group)

/** Members by look and by look without window. */
export function countLooks(day: DayPairs, port: PortKey): Map<Look, number> {
  const counts = new Map<Look, number>()
  for (const [look, count] of day.looksOf(port)) {
    counts.set(look, (counts.get(look) ?? 0) + count)
    if (hasWindow(look)) counts.set(withoutWindow(look), (counts.get(withoutWindow(look)) ?? 0) + count)
  }
  return counts
}

/** `sweepers`: with those who sweep ports; who was counted once stays counted when he goes on to other ports. */
export function viewGroup(day: DayPairs, { port, look }: Group, sweepers = false): GroupView {
  const members: MemberOfGroup[] = []
  const hours = Array.from({ length: HOURS }, () => 0)
  let [low, high, packets, last] = [0, 0, 0, 0]
  day.each(port, sweepers, (one) => {
    if (!belongs(look, one.look)) return
    members.push({ source: one.source, packets: one.packets, hours: one.hours, first: one.first })
    packets += one.packets
    last = Math.max(last, one.last)
    low |= one.sensors_low
    high |= one.sensors_high
    for (let hour = 0; hour < HOURS; hour++) if ((one.hours >>> hour) & 1) hours[hour]!++
  })
  const level = day.levelOf(port)
  const weight = 2 ** level
  return { port, look, members, level, count: members.length * weight, sensors: ones(low) + ones(high), hours: hours.map((count) => count * weight), packets: packets * weight, last }
}

/** The look of a group without window, with the window that nearly all of it have. */
export function withWindow(counts: ReadonlyMap<Look, number>, look: Look): Look {
  const whole = counts.get(look) ?? 0
  for (const [one, count] of counts) if (hasWindow(one) && withoutWindow(one) === look && count >= WINDOW_SHARE * whole) return one
  return look
}

/** Minute of the day by which a tenth of the members had come: single ones come to any port at any time. */
export function beginMinute({ members }: GroupView): number {
  const firsts = members.map(({ first }) => first).toSorted((a, b) => a - b)
  return firsts[Math.floor(firsts.length / 10)] ?? 0
}
