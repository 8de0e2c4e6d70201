import type { ApiClient } from '@hirundo/contract'
import { packetsByMinuteOf, readStatus } from '../constellation/balance.ts'
import { minuteOf } from './numbered-minutes.ts'
import { readSpool } from './spool-audit.ts'
import type { StageSensor } from './stage.ts'

/** Packets that are fewer (lost) or more (doubled) than they must be, summed over sensors and minutes. */
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

/** Compares, for each sensor and minute, generator, spool and answers; and the sum with the node's own. */
export async function audit(client: ApiClient, sensors: readonly { readonly sensor: StageSensor; readonly minutes: number }[]): Promise<Audit> {
  const spool: Difference = { lost: 0, doubled: 0, where: [] }
  const answers: Difference = { lost: 0, doubled: 0, where: [] }
  let [packets_sent, packets_queryable, batches, minutes] = [0, 0, 0, 0]
  for (const { sensor, minutes: made } of sensors) {
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
    for (const packets of expected.values()) packets_sent += packets
    for (const packets of found.values()) packets_queryable += packets
    batches += content.batches
    minutes += made
  }
  const { packets: packets_stored } = await readStatus(client)
  return { minutes, batches, packets_sent, packets_stored, packets_queryable, spool, answers }
}
