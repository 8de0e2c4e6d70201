import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseCidr, unwrap } from '@hirundo/base'
import { flowLayout, Observer } from '@hirundo/formats'
import { benchTraffic } from './bench-input.ts'
import { pcapHeader } from './pcap-writer.ts'
import { addTally, backscatterOf, emptyTally } from './tally.ts'
import { generateMinutes } from './traffic.ts'

const columns = ['packets', 'scan', 'backscatter', 'other', 'tool_mirai', 'tool_zmap', 'tool_masscan'] as const

it('is counted by the sensor’s own engine exactly as it was made', () => {
  const sums = Object.fromEntries(columns.map((name) => [name, 0])) as Record<(typeof columns)[number], number>
  const flows = (rows: Uint8Array): void => {
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
    for (let at = 0; at < rows.length; at += flowLayout.row_bytes) {
      for (const name of columns) sums[name] += view.getUint32(at + flowLayout.offset[name]!, true)
    }
  }
  const destinations = benchTraffic.destinations.map((text) => unwrap(parseCidr(text)))
  const observer = new Observer(
    { destinations, interval_s: 60, flows_max: 400_000, syn_samples_per_minute_max: 0, random: (bytes) => new Uint8Array(bytes).fill(7) },
    { flows, minute: () => undefined },
  )
  const capture = observer.openCapture('generated')
  const tally = emptyTally()
  unwrap(capture.push(pcapHeader(96)))
  for (const minute of generateMinutes({ ...benchTraffic, packets: 200_000, minutes: 3, noise: 0.02 })) {
    for (const chunk of minute.records) unwrap(capture.push(chunk.slice()))
    addTally(tally, minute.tally)
  }
  unwrap(capture.end())
  observer.flush()
  const { packets, counted, not_ip, not_for_us, malformed } = observer.counters
  assert.deepEqual({ packets, counted, not_ip, not_for_us, malformed, flows: observer.counters.flows }, {
    packets: tally.packets, counted: tally.counted, not_ip: tally.not_ip, not_for_us: tally.not_for_us, malformed: 0, flows: tally.flows,
  })
  assert.equal(sums.packets, tally.counted)
  assert.equal(sums.scan + sums.backscatter + sums.other, tally.counted)
  assert.equal(sums.backscatter, backscatterOf(tally))
  assert.deepEqual([sums.tool_mirai, sums.tool_zmap, sums.tool_masscan], [tally.tools.mirai, tally.tools.zmap, tally.tools.masscan])
})
