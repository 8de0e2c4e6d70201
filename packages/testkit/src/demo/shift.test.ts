import assert from 'node:assert/strict'
import { it } from 'node:test'
import { generateMinutes } from '../traffic/traffic.ts'
import { pcapHeader } from '../traffic/pcap-writer.ts'
import { lastSecond, mapSeconds } from './shift.ts'

const start_s = Date.UTC(2026, 0, 1) / 1000
const capture = (from_s: number): Buffer => Buffer.concat([pcapHeader(96), ...[...generateMinutes({ seed: 3, start_s, minutes: 1, packets: 200, destinations: ['192.0.2.0/28'] })]
  .flatMap(({ records }) => [...records].map((chunk) => chunk.slice()))].map((part) => moved(part, from_s - start_s)))

/** The same records written with other seconds, by walking them whole. */
function moved(part: Uint8Array, delta_s: number): Uint8Array {
  const view = new DataView(part.buffer, part.byteOffset, part.length)
  if (part.length > 24) for (let at = 0; at < part.length; at += 16 + view.getUint32(at + 8, true)) view.setUint32(at, view.getUint32(at, true) + delta_s, true)
  return part
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk.slice())
  return Buffer.concat(all)
}

it('moves the second of every record and nothing else, wherever the stream is cut', async () => {
  for (const size of [1, 7, 16, 40, 1000, 1 << 20]) {
    const shifted = await collect(mapSeconds(inPieces(capture(start_s), size), 'a.pcap', (second) => second + 86_400))
    assert.ok(shifted.equals(capture(start_s + 86_400)), `in pieces of ${size}`)
  }
})

it('finds the last second over all files, and refuses what is no pcap', async () => {
  const streams = [{ name: 'a', chunks: inPieces(capture(start_s), 99) }, { name: 'b', chunks: inPieces(pcapHeader(96), 9) }]
  assert.equal(await lastSecond(streams), start_s + 59)
  await assert.rejects(lastSecond([{ name: 'x.png', chunks: inPieces(new Uint8Array(100), 10) }]), /x\.png is no pcap file/)
})
