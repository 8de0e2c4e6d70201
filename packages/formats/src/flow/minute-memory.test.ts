import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Observer } from '../observer.ts'
import { ethernet, ipv4, pcap, tcp } from '../testing/frames.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const START = 1_767_225_600
const FLOWS = 2_000
/** Far less than the tables of one such minute, and more than a run of the test itself leaves about. */
const SLACK_BYTES = 64 * 1024

/** Bytes of typed arrays that are still reachable: what flows, samples and vectors are kept in. */
function heldBytes(): number {
  // The second waits for what the first one frees beside the program.
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().arrayBuffers
}

function observer(): Observer {
  const sink = { flows: () => {}, minute: () => {}, backscatter: () => {}, synSamples: () => {} }
  const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(7)
  return new Observer({ destinations: [], interval_s: 60, flows_max: 150_000, syn_samples_per_minute_max: 100, random }, sink)
}

/** A minute of SYNs from as many sources, each of two packets that differ, so that side records are needed too. */
const minuteOf = (minute: number): Uint8Array => pcap(Array.from({ length: 2 * FLOWS }, (_, n) => ({
  second: START + 60 * minute + (n % 60), micro: n,
  frame: ethernet(0x0800, ipv4(tcp({ sport: 40_000 + n, flags: 2 }), { src: [240, 0, (n % FLOWS) >> 8, (n % FLOWS) & 255] })),
})))
/** Made before anything is measured. */
const minutes = Array.from({ length: 12 }, (_, minute) => minuteOf(minute))

test('the tables of a closed minute serve the next: memory is that of the minutes that were open at once, however many come', () => {
  const book = observer()
  const held: number[] = []
  for (const [minute, bytes] of minutes.entries()) {
    assert.ok(book.openCapture('test').push(bytes).ok)
    book.closeBefore(START + 60 * minute)
    held.push(heldBytes())
  }
  const settled = held[3]!
  assert.ok(settled - held[0]! > SLACK_BYTES, 'a minute has a size that would be seen')
  for (const bytes of held.slice(4)) assert.ok(bytes <= settled + SLACK_BYTES, held.join(' '))
})

test('after many minutes were open at once, the tables of two are kept and the others let go', () => {
  const book = observer()
  const held = [heldBytes()]
  for (const bytes of minutes) {
    assert.ok(book.openCapture('test').push(bytes).ok)
    held.push(heldBytes())
  }
  const one = (held[12]! - held[2]!) / 10
  assert.ok(one > SLACK_BYTES)
  book.flush()
  const kept = heldBytes() - held[0]!
  assert.ok(kept < 4 * one, `${Math.round(kept / one)} minutes are held`)
  assert.equal(book.counters.counted, 12 * 2 * FLOWS)
})
