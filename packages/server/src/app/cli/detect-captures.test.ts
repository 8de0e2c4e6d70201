import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parseCidr, realWorld, unwrap } from '@hirundo/base'
import { detectInCaptures, type CaptureDetectionOptions } from './detect-captures.ts'
import { backscatter, pcap, START_S, sweep } from './testing/captures.ts'

let directory: string
before(async () => void (directory = await mkdtemp(join(tmpdir(), 'hirundo-detect-'))))
after(() => rm(directory, { recursive: true, force: true }))

async function detect(files: readonly Buffer[], dst = '198.18.0.0/16', more: Partial<CaptureDetectionOptions> = {}) {
  const paths = await Promise.all(files.map(async (bytes, i) => {
    const path = join(directory, `${i}.pcap`)
    await writeFile(path, bytes)
    return path
  }))
  return detectInCaptures(paths, { destinations: [unwrap(parseCidr(dst))], own: [], random: (bytes) => realWorld.random(bytes), ...more })
}

test('an attack by its backscatter and a sweep of destinations are found, with times, sums and the densest minute', async () => {
  const { detections, shed } = await detect([pcap([...backscatter(5_000, 120, 1_000), ...sweep(30_000, 40)])])
  assert.deepEqual(detections.map(({ kind, start, end, subject, packets, max_ppm, open, severity }) => ({ kind, start: start - START_S, end: end - START_S, subject, packets, max_ppm, open, severity })), [
    { kind: 'scan', start: 0, end: 60, subject: { source: '240.0.0.9', protocol: 'tcp', port: 23 }, packets: 40, max_ppm: undefined, open: false, severity: 'record' },
    { kind: 'rsdos', start: 5, end: 125, subject: { victim: '240.0.0.5', protocol: 'tcp' }, packets: 120, max_ppm: 60, open: false, severity: 'notice' },
  ])
  assert.equal(shed, 0)
})

test('an attack that lies in two files is one; what is not for us does not count; a file cut off counts up to there', async () => {
  const all = backscatter(0, 240, 1_000)
  const halves = [pcap(all.slice(0, 120)), pcap(all.slice(120))]
  const { detections } = await detect(halves)
  assert.deepEqual(detections.map(({ packets, max_ppm }) => [packets, max_ppm]), [[240, 60]])
  assert.deepEqual((await detect(halves, '203.0.113.0/24')).detections, [])
  const cut = await detect([halves[0]!.subarray(0, -3)])
  assert.deepEqual([cut.faults.map(({ packets }) => packets), cut.detections.length, cut.counters.counted], [[119], 1, 119])
  const missing = await detectInCaptures([join(directory, 'none'), join(directory, '0.pcap')], { destinations: [], own: [], random: (bytes) => realWorld.random(bytes) })
  assert.deepEqual([missing.faults.map(({ packets }) => packets), missing.counters.packets], [[0, 119], 119])
})

test('files count in the order of their times, whatever the order of their names, and those of the same time together', async () => {
  const all = [...backscatter(0, 4_000, 1_000), ...sweep(3_000_000, 40)]
  const whole = await detect([pcap(all)])
  const hours = [pcap(all.filter(({ at_ms }) => at_ms < 2_000_000)), pcap(all.filter(({ at_ms }) => at_ms >= 2_000_000))]
  const sensors = [0, 1, 2].map((i) => pcap(all.filter((_, j) => j % 3 === i)))
  for (const files of [hours, hours.toReversed(), sensors, sensors.toReversed()]) {
    const { detections, shed, counters } = await detect(files)
    assert.deepEqual([detections, shed, counters.counted], [whole.detections, 0, 4_040])
  }
})

test('rsdos alone finds what all find of it, and needs no flows', async () => {
  const file = pcap([...backscatter(5_000, 120, 1_000), ...sweep(30_000, 40)])
  const [all, alone] = [await detect([file]), await detect([file], undefined, { only: ['rsdos'] })]
  assert.deepEqual(alone.detections, all.detections.filter(({ kind }) => kind === 'rsdos'))
  assert.deepEqual([alone.detections.length, alone.counters.flows, alone.counters.counted], [1, 0, 160])
})

test('own machines are warnings, as victims and as sources', async () => {
  const { detections } = await detect([pcap([...backscatter(0, 120, 1_000), ...sweep(0, 40)])], undefined, { own: [unwrap(parseCidr('240.0.0.0/28'))] })
  assert.deepEqual(detections.map(({ kind, severity }) => [kind, severity]).toSorted(), [['own-network', 'warning'], ['rsdos', 'urgent'], ['scan', 'record']])
})

test('one packet of another century does not end what goes on', async () => {
  const odd = { ...sweep(0, 1)[0]!, at_ms: 2_000_000_000_000 }
  const all = backscatter(0, 240, 1_000)
  const bytes = pcap([...all, odd])
  // The odd one lies in the middle of the file.
  const size = 16 + 40
  const at = 24 + 120 * size
  const mixed = Buffer.concat([bytes.subarray(0, at), bytes.subarray(-size), bytes.subarray(at, -size)])
  assert.deepEqual((await detect([mixed])).detections.map(({ packets }) => packets), [240])
})

/** Captures of others that may lie here; SOURCES.md says whose. */
const samples = new URL('../../../../../../shared/data/pcap/', import.meta.url).pathname
test('captures of others are read to their end, and a SYN flood is no attack of forged sources on us', { skip: !existsSync(samples) }, async () => {
  for (const name of readdirSync(samples)) {
    const { faults, counters, detectors } = await detectInCaptures([join(samples, name)], { destinations: [], own: [], random: (bytes) => realWorld.random(bytes) })
    assert.deepEqual([faults, detectors.filter(({ failed }) => failed !== undefined)], [[], []], name)
    assert.ok(counters.counted > 0, name)
  }
})

test('too slow, too short or too few is no attack', async () => {
  for (const packets of [backscatter(0, 40, 4_000), backscatter(0, 100, 300), backscatter(0, 24, 3_000), backscatter(3_900, 103, 500)]) {
    assert.deepEqual((await detect([pcap(packets)])).detections.filter(({ kind }) => kind === 'rsdos'), [])
  }
})
