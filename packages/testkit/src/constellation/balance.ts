import { setTimeout as sleep } from 'node:timers/promises'
import { heardSeries, observatoryStatus, seriesAnswer, topAnswer, type ApiClient } from '@hirundo/contract'
import { formatSeconds } from '@hirundo/base'
import { answerOf } from './node-process.ts'

/** How far what the node received has come. */
export const readStatus = async (client: ApiClient) => answerOf(await client.call(observatoryStatus, {}))

/** Waits until everything that the node has acknowledged is queryable; false when the time is over. */
export async function waitProjected(client: ApiClient, wait_ms: number): Promise<boolean> {
  const end = performance.now() + wait_ms
  for (;;) {
    const { appended, projected } = await readStatus(client)
    if (projected !== null && appended !== null && BigInt(projected) >= BigInt(appended)) return true
    if (performance.now() > end) return false
    await sleep(100)
  }
}

export interface Span {
  readonly from_s: number
  readonly to_s: number
}

/** Packets that the answers give for a span and some sensors (at most 100 names). */
export async function queryablePackets(client: ApiClient, span: Span, sensor: string[]): Promise<number> {
  const query = { from: formatSeconds(span.from_s), to: formatSeconds(span.to_s), sensor, limit: 1000 }
  const { data } = answerOf(await client.call(topAnswer, { params: { dimension: 'sensors' }, query }))
  return data.reduce((sum, row) => sum + row.packets, 0)
}

const series_minutes_max = 720

/** Packets of one sensor by minute (seconds since 1970); minutes without packets are left out. */
export async function packetsByMinuteOf(client: ApiClient, sensor: string, span: Span): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  for (let from_s = span.from_s; from_s < span.to_s; from_s += series_minutes_max * 60) {
    const to_s = Math.min(span.to_s, from_s + series_minutes_max * 60)
    const query = { from: formatSeconds(from_s), to: formatSeconds(to_s), step: 60, sensor: [sensor], dimension: 'total' as const }
    const { data } = answerOf(await client.call(seriesAnswer, { query }))
    for (const { at, packets } of data.points) if (packets) found.set(Date.parse(at) / 1000, packets)
  }
  return found
}

/** Requests of one sensor's interactions by the minute in which they began. */
export async function requestsByMinuteOf(client: ApiClient, sensor: string, { from_s, to_s }: Span): Promise<Map<number, number>> {
  const query = { from: formatSeconds(from_s), to: formatSeconds(to_s), step: 60, sensor: [sensor] }
  const { data } = answerOf(await client.call(heardSeries, { query }))
  return new Map(data.points.map(({ at, requests }) => [Date.parse(at) / 1000, requests]))
}
