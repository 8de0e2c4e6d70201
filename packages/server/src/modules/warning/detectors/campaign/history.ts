import { PORT_KEYS, type PortKey } from '../core/port-key.ts'
import type { Look } from './looks.ts'

/** Port and look of a group in one number. */
export type GroupKey = number
export const groupKey = (port: PortKey, look: Look): GroupKey => look * PORT_KEYS + port

interface PastDay {
  /** Sensors that watched. */
  readonly sensors: number
  /** Enough of the day was watched to learn from it. */
  readonly whole: boolean
}

export interface SavedHistory {
  readonly days: readonly PastDay[]
  readonly keys: Float64Array
  readonly members: Uint32Array
}

/** How many members groups had on each of the last days; small groups are not remembered. */
export class GroupHistory {
  readonly #days_max: number
  readonly #groups_max: number
  readonly #days: PastDay[]
  /** By group: members on each day, the latest last; as many as there are days. */
  #members = new Map<GroupKey, Uint32Array>()
  shed = 0

  constructor(days_max: number, groups_max: number, saved?: SavedHistory) {
    this.#days_max = days_max
    this.#groups_max = groups_max
    this.#days = [...(saved?.days ?? [])]
    const width = this.#days.length
    saved?.keys.forEach((key, i) => this.#members.set(key, saved.members.slice(i * width, (i + 1) * width)))
  }

  /** Days that were watched at least by half. */
  get days(): number {
    return this.#days.filter(({ whole }) => whole).length
  }

  /** The most members that the group had on a day, as that many sensors would have seen. */
  most(group: GroupKey, sensors: number): number {
    const members = this.#members.get(group)
    if (!members) return 0
    return members.reduce((most, count, i) => Math.max(most, count * Math.max(1, sensors / Math.max(1, this.#days[i]!.sensors))), 0)
  }

  /** A day is over; `groups` are those worth remembering. */
  push(day: PastDay, groups: ReadonlyMap<GroupKey, number>): void {
    const dropped = this.#days.length >= this.#days_max ? 1 : 0
    if (dropped === 1) this.#days.shift()
    this.#days.push(day)
    const width = this.#days.length
    const kept: [GroupKey, Uint32Array][] = []
    for (const key of new Set([...this.#members.keys(), ...groups.keys()])) {
      const members = new Uint32Array(width)
      members.set(this.#members.get(key)?.subarray(dropped) ?? [])
      members[width - 1] = Math.round(groups.get(key) ?? 0)
      if (members.some((count) => count > 0)) kept.push([key, members])
    }
    if (kept.length > this.#groups_max) {
      this.shed += kept.length - this.#groups_max
      kept.sort(([a, of], [b, than]) => Math.max(...than) - Math.max(...of) || a - b)
      kept.length = this.#groups_max
    }
    this.#members = new Map(kept)
  }

  save(): SavedHistory {
    const width = this.#days.length
    const members = new Uint32Array(this.#members.size * width)
    ;[...this.#members.values()].forEach((of, i) => members.set(of, i * width))
    return { days: [...this.#days], keys: Float64Array.from(this.#members.keys()), members }
  }
}
