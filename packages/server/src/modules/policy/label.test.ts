import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LABEL_CHARS_MAX, TEAMS_OF_CIRCLE_MAX } from '@hirundo/contract'
import fc from 'fast-check'
import { formatLabel, parseLabel } from './label-codec.ts'
import { labelOr, phaseAt, phasesOf, widens, type Label } from './label.ts'
import { anyInstant, anyLabel, anyPurpose, anyViewer, communities, teams } from './testing/arbitrary.ts'
import { naivelyAllowed } from './testing/naive.ts'

const [team, other] = teams as [string, string]
const text = `TLP:AMBER+STRICT;layer=operations;circle=teams:${team},${other};purpose=any;pap=PAP:RED;embargo=2026-01-01T00:00:00.000Z;expiry=2027-01-01T00:00:00.000Z`
const why = (of: string) => {
  const result = parseLabel(of)
  return result.ok ? 'ok' : `${result.problem.code} ${result.problem.detail['what']}`
}

describe('the text of a label', () => {
  it('is read back as the label that it was written from, and no two labels share one', () => {
    fc.assert(fc.property(anyLabel, anyLabel, (label, another) => {
      const [one, two] = [formatLabel(label), formatLabel(another)]
      assert.ok(one.length <= LABEL_CHARS_MAX)
      assert.deepEqual(parseLabel(one), { ok: true, value: label })
      let same = true
      try { assert.deepEqual(label, another) } catch { same = false }
      assert.equal(one === two, same)
    }), { numRuns: 2000 })
  })

  it('is the only one: whatever is read is what would be written', () => {
    // One character of a right text is changed, left out or doubled: then it is refused, or another label's own text.
    const mangled = fc.tuple(anyLabel.map(formatLabel), fc.nat(), fc.constantFrom('', ';', '=', ',', ':', '/', '+', ' ', 'T', 'a', '0', 'É', '\u0000', 'twice')).map(([of, at, by]) => {
      const i = at % of.length
      return of.slice(0, i) + (by === 'twice' ? of[i]! + of[i]! : by) + of.slice(i + 1)
    })
    fc.assert(fc.property(fc.oneof(mangled, fc.string()), (of) => {
      const result = parseLabel(of)
      if (result.ok) assert.equal(formatLabel(result.value), of)
    }), { numRuns: 3000 })
  })

  it('is refused with what is wrong', () => {
    assert.equal(why(text), 'ok')
    const cases: [string, string][] = [
      [text.replace('TLP:AMBER+STRICT', 'tlp:amber+strict'), 'tlp'], [text.replace('TLP:AMBER+STRICT;', ''), 'tlp'], ['', 'tlp'],
      [text.replace('operations', 'operation'), 'layer'], [text.replace('layer=operations;', ''), 'layer'], [text.replace('purpose=any', 'purpose=all'), 'purpose'],
      [`${text};colour=red`, 'field'], [`${text};expiry=2028-01-01T00:00:00.000Z`, 'field'], [text.replace('purpose=any', 'purpose=any;purpose=any'), 'field'], [`${text};`, 'field'],
      [text.replace(`${team},${other}`, `${other},${team}`), 'form'], [text.replace(`${team},${other}`, `${team},${team}`), 'circle'], [text.replace(`teams:${team},${other}`, 'teams:'), 'circle'],
      [text.replace(`teams:${team},${other}`, `community:${communities[0]!.founder}/${team}/x`), 'circle'], [text.replace(`teams:${team},${other}`, `community:ABCD-efgh-ijkl-mnop-qrst/${team}`), 'circle'],
      [text.replace('PAP:RED', 'PAP:WHITE'), 'pap'], [text.replace('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z'), 'form'], [text.replace('2026-01', '2028-01'), 'instant'], [text.replace('2026-01', '2126-01'), 'instant'],
      [text.replace('layer=operations;circle', 'circle').replace(';purpose=any', ';layer=operations;purpose=any'), 'form'],
      [text.replace(`${team},${other}`, Array.from({ length: TEAMS_OF_CIRCLE_MAX + 1 }, (_, i) => team.slice(0, -4) + String(1000 + i)).join(',')), 'circle'],
      [`${text};${'x'.repeat(LABEL_CHARS_MAX)}`, 'length'],
    ]
    for (const [of, what] of cases) assert.equal(why(of), `label/invalid ${what}`, of)
    const most: Label = { tlp: 'TLP:RED', layer: 'law-enforcement', circle: { kind: 'teams', teams: Array.from({ length: TEAMS_OF_CIRCLE_MAX }, (_, i) => team.slice(0, -4) + String(1000 + i)) }, purpose: 'investigation', pap: 'PAP:AMBER', embargo_ms: 1, expiry_ms: 2 }
    assert.ok(formatLabel(most).length <= LABEL_CHARS_MAX)
  })
})

describe('a label', () => {
  it('that is missing is AMBER+STRICT in the circle of the community', () => {
    assert.equal(formatLabel(labelOr(undefined, { circle: { kind: 'community', ...communities[0]! } })), `TLP:AMBER+STRICT;layer=operations;circle=community:${communities[0]!.founder}/${communities[0]!.id};purpose=any`)
    const clear: Label = { tlp: 'TLP:CLEAR', layer: 'public', circle: { kind: 'own' }, purpose: 'any' }
    assert.equal(labelOr(clear, { circle: { kind: 'own' } }), clear)
  })

  it('goes through its phases in order', () => {
    fc.assert(fc.property(anyLabel, anyInstant, anyInstant, (label, one, two) => {
      const order = ['embargoed', 'open', 'expired']
      const [first, last] = [Math.min(one, two), Math.max(one, two)].map((at) => order.indexOf(phaseAt(label, at))) as [number, number]
      assert.ok(first <= last)
      assert.ok(phasesOf(label).includes(phaseAt(label, one)))
    }))
  })

  it('lets nobody see more than another that it does not widen', () => {
    let narrower = 0
    fc.assert(fc.property(anyLabel, anyLabel, anyViewer, anyPurpose, anyInstant, (from, mixed, viewer, purpose, now) => {
      // Mostly alike, so that comparable pairs are frequent.
      for (const to of [mixed, { ...from, tlp: mixed.tlp }, { ...from, circle: mixed.circle }, { ...from, purpose: mixed.purpose, layer: mixed.layer }, { ...from, embargo_ms: mixed.embargo_ms, expiry_ms: mixed.expiry_ms } as Label]) {
        if (widens(from, to)) continue
        narrower++
        assert.ok(!naivelyAllowed(to, viewer, purpose, now) || naivelyAllowed(from, viewer, purpose, now), `${formatLabel(from)} → ${formatLabel(to)}`)
      }
    }), { numRuns: 5000 })
    assert.ok(narrower > 1000)
  })

  it('widens by each of its parts, and not by staying the same', () => {
    const base: Label = { tlp: 'TLP:AMBER', layer: 'operations', circle: { kind: 'teams', teams: [team, other] }, purpose: 'defence', pap: 'PAP:AMBER', embargo_ms: 1000, expiry_ms: 9000 }
    const { pap: _, embargo_ms: __, expiry_ms: ___, ...bare } = base
    assert.equal(widens(base, base), false)
    const wider: Partial<Label>[] = [{ tlp: 'TLP:GREEN' }, { layer: 'public' }, { layer: 'research' }, { circle: { kind: 'teams', teams: [team, teams[2]!] } }, { circle: { kind: 'community', ...communities[0]! } }, { purpose: 'any' }, { purpose: 'research' }, { pap: 'PAP:GREEN' }, { embargo_ms: 999 }, { expiry_ms: 9001 }]
    for (const change of wider) assert.ok(widens(base, { ...base, ...change }), JSON.stringify(change))
    assert.ok(widens(base, { ...bare, embargo_ms: 1000, expiry_ms: 9000 }) && widens(base, { ...bare, pap: 'PAP:AMBER', expiry_ms: 9000 }) && widens(base, { ...bare, pap: 'PAP:AMBER', embargo_ms: 1000 }))
    const narrower: Partial<Label>[] = [{ tlp: 'TLP:RED' }, { circle: { kind: 'own' } }, { circle: { kind: 'teams', teams: [team] } }, { pap: 'PAP:RED' }, { embargo_ms: 1001 }, { expiry_ms: 8999 }]
    for (const change of narrower) assert.ok(!widens(base, { ...base, ...change }), JSON.stringify(change))
    assert.ok(!widens({ ...base, purpose: 'any', layer: 'public' }, base) && !widens(bare, base))
  })
})
