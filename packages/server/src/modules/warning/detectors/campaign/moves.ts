import type { PortKey } from '../core/port-key.ts'
import { isKept, type DayPairs } from './day-pairs.ts'
import type { GroupView } from './groups.ts'
import type { MainPorts } from './sources.ts'

/** Where members of a group were the day before. */
export interface Move {
  readonly port: PortKey
  /** Members that were there, and left it when they came. */
  readonly sources: number
  /** Their share in the members that were seen at all the day before. */
  readonly share: number
}

/** The port that most members came from: they sent most to it the day before, and nothing since they came. */
export function movedFrom({ port, members }: GroupView, before: MainPorts, day: DayPairs): Move | undefined {
  const from = new Map<PortKey, number>()
  let known = 0
  for (const { source, first } of members) {
    const main = before.of(source)
    if (main < 0) continue
    known++
    if (main !== port && day.lastMinute(source, main) <= first) from.set(main, (from.get(main) ?? 0) + 1)
  }
  const [most] = [...from].toSorted(([a, of], [b, than]) => than - of || a - b)
  return most && { port: most[0], sources: most[1], share: most[1] / known }
}

/** Share of a group's members that try another port too, among those that would be kept there. */
export function sharedWith({ members }: GroupView, port: PortKey, day: DayPairs): number {
  const level = day.levelOf(port)
  const comparable = members.filter(({ source }) => isKept(source, level))
  return comparable.length === 0 ? 0 : comparable.filter(({ source }) => day.lastMinute(source, port) >= 0).length / comparable.length
}
