import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Detection } from './model.ts'
import { rsdos, type BackscatterBin, type RsdosParameters } from './rsdos.ts'

const detect = (bins: readonly BackscatterBin[], parameters: Partial<RsdosParameters> = {}): Detection[] => {
  const run = rsdos.start({ ...rsdos.defaults, ...parameters })
  return [...bins.flatMap((bin) => run.push(bin)), ...run.end()]
}
const at = (bin: number, packets: number, victim = '240.0.0.1', protocol = 'tcp'): BackscatterBin => ({ bin, victim, protocol, packets, bytes: 40 * packets, ports: 1 })
const steady = (from: number, bins: number, packets: number, victim?: string) => Array.from({ length: bins }, (_, i) => at(from + 10 * i, packets, victim))

test('the three thresholds each decide alone', () => {
  assert.equal(detect(steady(0, 7, 5)).length, 1)
  assert.equal(detect(steady(0, 6, 50)).length, 0, 'shorter than 60 s')
  assert.equal(detect(steady(0, 40, 4)).length, 0, '24 a minute')
  assert.equal(detect([at(0, 20), at(70, 4)]).length, 0, '24 packets')
  assert.deepEqual(detect(steady(600, 7, 5), { addresses: 2 ** 24 }), [{
    kind: 'rsdos', start: 600, end: 670, subject: { victim: '240.0.0.1', protocol: 'tcp' }, packets: 35, max_ppm: 30,
    figures: { bytes: 1400, ports_max: 1, estimated_ppm: 7680 },
  }])
})

test('a silence longer than the gap ends an attack, a shorter one does not', () => {
  assert.equal(detect([...steady(0, 7, 5), ...steady(60 + 300, 7, 5)]).length, 1)
  assert.equal(detect([...steady(0, 7, 5), ...steady(60 + 320, 7, 5)]).length, 2)
  assert.equal(detect([...steady(0, 7, 5), ...steady(60 + 320, 7, 5)], { gap_s: 600 }).length, 1)
})

test('memory is bounded: beyond it samples are shed and counted, and who is watched stays watched', () => {
  const run = rsdos.start({ ...rsdos.defaults, victims_max: 10 })
  const found: Detection[] = []
  for (let bin = 0; bin < 200; bin += 10) {
    found.push(...run.push(at(bin, 10, 'first')))
    for (let i = 0; i < 50; i++) found.push(...run.push(at(bin, 1, `random ${bin} ${i}`)))
  }
  found.push(...run.end())
  assert.deepEqual(found.map(({ subject }) => 'victim' in subject && subject.victim), ['first'])
  assert.ok(run.shed > 900)
})

/** Straight from the definition: split at silences, slide over every minute. */
function naive(bins: readonly BackscatterBin[], { packets_min, duration_s_min, ppm_min, gap_s }: RsdosParameters): string[] {
  const byVictim = Map.groupBy(bins, ({ victim, protocol }) => `${protocol} ${victim}`)
  return [...byVictim].flatMap(([key, rows]) => {
    const attacks: BackscatterBin[][] = []
    for (const row of rows) {
      const last = attacks.at(-1)?.at(-1)
      if (last && row.bin - last.bin < gap_s + 10) attacks.at(-1)!.push(row)
      else attacks.push([row])
    }
    return attacks.flatMap((attack) => {
      const packets = attack.reduce((sum, row) => sum + row.packets, 0)
      const ppm = Math.max(...attack.map(({ bin }) => attack.filter((row) => row.bin <= bin && row.bin > bin - 60).reduce((sum, row) => sum + row.packets, 0)))
      const [first, last] = [attack[0]!.bin, attack.at(-1)!.bin]
      return packets >= packets_min && last - first >= duration_s_min && ppm >= ppm_min ? [`${key} ${first} ${last + 10} ${packets} ${ppm}`] : []
    })
  }).toSorted()
}

test('equals the definition on any stream', () => {
  const row = fc.record({ step: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(5), fc.nat(80)), packets: fc.integer({ min: 1, max: 12 }), victim: fc.constantFrom('a', 'b'), protocol: fc.constantFrom('tcp', 'icmp') })
  fc.assert(fc.property(fc.array(row, { maxLength: 120 }), fc.integer({ min: 1, max: 12 }), (rows, gap) => {
    let bin = 1_767_225_600
    const bins = rows.map(({ step, ...one }) => at((bin += 10 * step), one.packets, one.victim, one.protocol))
    const parameters = { ...rsdos.defaults, gap_s: 30 * gap }
    const found = detect(bins, parameters).map(({ subject, start, end, packets, max_ppm }) => `${'victim' in subject ? `${subject.protocol} ${subject.victim}` : ''} ${start} ${end} ${packets} ${max_ppm}`)
    assert.deepEqual(found.toSorted(), naive(bins, parameters))
  }), { numRuns: 500 })
})
