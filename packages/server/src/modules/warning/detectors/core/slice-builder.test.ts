import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseAddress, unwrap } from '@hirundo/base'
import { batchKinds, encodeInteraction, flowLayout, sensorMinuteLayout, type Interaction, type RowLayout } from '@hirundo/formats'
import { AddressBook } from './address-book.ts'
import { portKey, portKeyOf, portSubject } from './port-key.ts'
import { SliceBuilder } from './slice-builder.ts'

type Values = Readonly<Record<string, number | string>>
const bytes = (text: string): Uint8Array => unwrap(parseAddress(text))

/** Rows of a wire layout; what is not named is 0. */
function rowsOf(layout: RowLayout, rows: readonly Values[]): Uint8Array {
  const body = Buffer.alloc(rows.length * layout.row_bytes)
  rows.forEach((row, i) => {
    for (const { name, type } of layout.columns) {
      const at = i * layout.row_bytes + layout.offset[name]!
      const value = row[name] ?? (type === 'IPv6' ? '::' : 0)
      if (type === 'IPv6') body.set(bytes(String(value)), at)
      else if (type === 'UInt64') body.writeBigUInt64LE(BigInt(value), at)
      else if (type === 'UInt8') body.writeUInt8(Number(value), at)
      else if (type === 'UInt16') body.writeUInt16LE(Number(value), at)
      else if (type === 'Int16') body.writeInt16LE(Number(value), at)
      else if (type === 'Int32') body.writeInt32LE(Number(value), at)
      else body.writeUInt32LE(Number(value), at)
    }
  })
  return body
}
const MINUTE = Date.UTC(2026, 0, 1) / 1000

it('puts rows of several sensors and minutes into one slice a minute, as they were', () => {
  const book = new AddressBook()
  const builder = new SliceBuilder(book, (source) => ({ economy: 0x5841, asn: 64_512, research: source === 0x0a000002 }))
  const flow = { minute: MINUTE, src: '10.0.0.1', dst_net: '192.0.2.0', dst_port: 23, icmp_type: -1, icmp_code: -1, protocol: 6, packets: 9, bytes: 2 ** 40, scan: 7, dsts: 3, ttl_common: -1, syn_window: 1024, tool_mirai: 2, tool_masscan: 1 }
  builder.addBatch(batchKinds.flow, 4, 2, rowsOf(flowLayout, [flow, { ...flow, minute: MINUTE + 60, src: '10.0.0.2' }]))
  builder.addBatch(batchKinds.flow, 5, 1, rowsOf(flowLayout, [{ ...flow, src: '2001:db8::1', protocol: 1, icmp_type: 8, icmp_code: 0, dst_port: -1 }]))
  builder.addBatch(batchKinds.sensor_minute, 4, 1, rowsOf(sensorMinuteLayout, [{ minute: MINUTE, observed_s: 60 }]))
  const seen = Array.from(builder.take(MINUTE + 120), ({ minute, flows, watched }) => ({
    minute, watched,
    rows: Array.from({ length: flows.rows }, (_, i) => [
      flows.sensor[i], book.text(flows.source[i]!), portSubject(flows.port[i]!), flows.packets[i], flows.bytes[i], flows.scan[i], flows.destinations[i], flows.ttl[i], flows.window[i],
      flows.tools[i], flows.research[i], flows.economy[i], flows.asn[i],
    ]),
  }))
  const rest = [9, 2 ** 40, 7, 3, -1, 1024, 5]
  assert.deepEqual(seen, [
    { minute: MINUTE, watched: [{ sensor: 4, observed_s: 60 }], rows: [
      [4, '10.0.0.1', { protocol: 'tcp', port: 23 }, ...rest, 0, 0x5841, 64_512], [5, '2001:db8::1', { protocol: 'icmp' }, ...rest, 0, 0x5841, 64_512],
    ] },
    { minute: MINUTE + 60, watched: [], rows: [[4, '10.0.0.2', { protocol: 'tcp', port: 23 }, ...rest, 1, 0x5841, 64_512]] },
  ])
})

it('leaves rows of minutes that were taken to a replay, and counts them', () => {
  const builder = new SliceBuilder(new AddressBook())
  const row = rowsOf(flowLayout, [{ minute: MINUTE, src: '10.0.0.1', dst_net: '192.0.2.0', protocol: 6, dst_port: 1 }])
  builder.addBatch(batchKinds.flow, 1, 1, row)
  assert.equal([...builder.take(MINUTE + 60)].length, 1)
  builder.addBatch(batchKinds.flow, 1, 1, row)
  assert.equal([...builder.take(MINUTE + 600)].length, 0)
  assert.equal(builder.shed.late_rows, 1)
})

it('hands on what an answering sensor heard, without what is not asked for', () => {
  const book = new AddressBook()
  const builder = new SliceBuilder(book)
  const one: Interaction = {
    at_ms: MINUTE * 1000 + 1500, clock_error_ms: 0, src: bytes('10.0.0.9'), src_port: 4000, dst_port: 23, transport: 'tcp', handshake: 'dialogue', protocol: 'telnet',
    bytes_in: 10, bytes_out: 20, requests: 1, duration_ms: 5, payload_sha256: new Uint8Array(32).fill(0xab), sample: new Uint8Array(3), truncated: false,
    logins: [{ user: 'root', password: 'x' }], urls: ['http://a/'], facts: { 'tls.ja4': 't13' }, guess: undefined,
  }
  const row = encodeInteraction(one)
  builder.addBatch(batchKinds.interaction, 3, 1, row)
  const [slice] = Array.from(builder.take(Infinity), ({ heard }) => heard[0]!)
  assert.deepEqual(slice, {
    at: MINUTE + 1, sensor: 3, source: 0x0a000009, src_port: 4000, port: portKeyOf('tcp', 23), handshake: 'dialogue', protocol: 'telnet', requests: 1, bytes_in: 10, bytes_out: 20,
    payload_sha256: 'ab'.repeat(32), ja4: 't13', credentials: ['root\nx'], urls: ['http://a/'], economy: 0, asn: 0, research: false,
  })
})

it('keeps protocol and port apart in one number', () => {
  assert.deepEqual(portSubject(portKey(6, 65_535, -1, -1)), { protocol: 'tcp', port: 65_535 })
  assert.deepEqual(portSubject(portKey(17, 53, -1, -1)), { protocol: 'udp', port: 53 })
  assert.deepEqual(portSubject(portKey(47, -1, -1, -1)), { protocol: '47' })
  assert.notEqual(portKey(1, -1, 8, 0), portKey(1, -1, 0, 0))
})
