import type { ApiClient } from '@hirundo/contract'
import { packetsByMinuteOf, readStatus, requestsByMinuteOf } from '../constellation/balance.ts'
import { requestsByMinute } from './numbered-interactions.ts'
import { minuteOf } from './numbered-minutes.ts'
import { readSpool } from './spool-audit.ts'
import type { StageSensor } from './stage.ts'

/** Packets, and requests of interactions, that are fewer (lost) or more (doubled) than they must be, summed over sensors and minutes. */
export interface Difference {
  lost: number
  doubled: number
  /** The first few, for people. */
  readonly where: string[]
}

export interface Audit {
  readonly minutes: number
  readonly batches: number
  readonly packets_sent: number
  readonly packets_stored: number
  readonly packets_queryable: number
  readonly interactions_sent: number
  readonly interactions_stored: number
  readonly requests_sent: number
  readonly requests_queryable: number
  /** What the sensors' disks hold against what the generator made. */
  readonly spool: Difference
  /** What the answers give against what the generator made. */
  readonly answers: Difference
}

const where_max = 5

function compare(difference: Difference, name: string, expected: ReadonlyMap<number, number>, found: ReadonlyMap<number, number>): void {
  for (const minute of new Set([...expected.keys(), ...found.keys()])) {
    const by = (found.get(minute) ?? 0) - (expected.get(minute) ?? 0)
    if (by === 0) continue
    if (by < 0) difference.lost -= by
    else difference.doubled += by
    if (difference.where.length < where_max) difference.where.push(`${name} ${new Date(minute * 1000).toISOString()}: ${by > 0 ? '+' : ''}${by}`)
  }
}

/** What a sensor made before it ended. */
export interface Ended {
  readonly sensor: StageSensor
  readonly minutes: number
  readonly interactions: number
}

const total = (by: ReadonlyMap<number, number>): number => [...by.values()].reduce((sum, one) => sum + one, 0)

/** Compares, for each sensor and minute, generator, spool and answers; and the sum with the node's own. */
export async function audit(client: ApiClient, sensors: readonly Ended[]): Promise<Audit> {
  const spool: Difference = { lost: 0, doubled: 0, where: [] }
  const answers: Difference = { lost: 0, doubled: 0, where: [] }
  let [packets_sent, packets_queryable, requests_sent, requests_queryable, interactions_sent, batches, minutes] = [0, 0, 0, 0, 0, 0, 0]
  for (const { sensor, minutes: made, interactions } of sensors) {
    const expected = new Map(Array.from({ length: made }, (_, i) => {
      const { minute_s, tally } = minuteOf(sensor, i)
      return [minute_s, tally.counted] as const
    }))
    const content = await readSpool(sensor.state_directory)
    compare(spool, sensor.name, expected, content.packets)
    const day_s = 86_400
    const span = { from_s: sensor.start_s, to_s: sensor.start_s + Math.ceil((made * 60) / day_s + 1) * day_s }
    const found = await packetsByMinuteOf(client, sensor.name, span)
    compare(answers, sensor.name, expected, found)
    const asked = requestsByMinute(sensor, interactions)
    compare(spool, `interactions of ${sensor.name}`, asked, content.requests)
    const heard = await requestsByMinuteOf(client, sensor.name, { ...span, to_s: span.to_s + day_s })
    compare(answers, `interactions of ${sensor.name}`, asked, heard)
    packets_sent += total(expected)
    packets_queryable += total(found)
    requests_sent += total(asked)
    requests_queryable += total(heard)
    interactions_sent += interactions
    batches += content.batches
    minutes += made
  }
  const { packets: packets_stored, interactions: interactions_stored } = await readStatus(client)
  return {
    minutes, batches, packets_sent, packets_stored, packets_queryable, interactions_sent, interactions_stored, requests_sent, requests_queryable, spool, answers,
  }
}
