import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bounds, bulletinNumber, planOf, retryAfterMs, strictest, wants, worst, type Interest } from './model.ts'

const all: Interest = { kinds: [], ports: [], economies: [], asns: [], severity_min: 'notice', tlp_max: 'TLP:AMBER' }
const facets = { kind: 'worm', severity: 'warning', tlp: 'TLP:AMBER', ports: ['tcp/23', 'tcp/2323'], economies: ['XA'], asns: [64_500] } as const

test('an interest is met by all its parts, and an empty part asks for nothing', () => {
  assert.ok(wants(all, facets))
  assert.ok(wants({ ...all, kinds: ['scan', 'worm'], ports: ['tcp/2323'], economies: ['XB', 'XA'], asns: [64_500], severity_min: 'warning' }, facets))
  for (const more of [{ kinds: ['scan'] }, { ports: ['udp/23'] }, { economies: ['XB'] }, { asns: [1] }, { severity_min: 'urgent' }, { tlp_max: 'TLP:GREEN' }]) assert.ok(!wants({ ...all, ...more as Partial<Interest> }, facets), JSON.stringify(more))
  assert.ok(!wants({ ...all, ports: ['tcp/23'] }, { ...facets, ports: [] }))
  assert.ok(!wants({ ...all, severity_min: 'notice' }, { ...facets, severity: 'record' }))
})

test('AMBER+STRICT is stricter than AMBER', () => {
  assert.ok(!wants(all, { ...facets, tlp: 'TLP:AMBER+STRICT' }) && wants({ ...all, tlp_max: 'TLP:AMBER+STRICT' }, facets))
  assert.equal(strictest(['TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:CLEAR']), 'TLP:AMBER+STRICT')
  assert.equal(worst(['notice', 'urgent', 'record']), 'urgent')
})

test('numbers and retries', () => {
  assert.deepEqual([bulletinNumber({ year: 2026, serial: 7 }), bulletinNumber({ year: 2026, serial: 12_345 })], ['HB-2026-0007', 'HB-2026-12345'])
  assert.deepEqual([1, 2, 3, 6, 7, 8, 30, 5000].map((attempt) => retryAfterMs(attempt) / 60_000), [1, 2, 4, 32, 60, 60, 60, 60])
})

test('whatever comes when: never more than the cap and six in an hour, and nothing waits longer than ten minutes', () => {
  const arrivals = fc.array(fc.tuple(fc.integer({ min: 0, max: 900_000 }), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 60 })
  fc.assert(fc.property(arrivals, fc.integer({ min: 1, max: 20 }), (gaps, per_hour_max) => {
    const sent: number[] = []
    let [now_ms, waiting, waits_since] = [10_000_000, 0, 0]
    const look = () => {
      if (waiting === 0) return true
      const last_ms = sent.at(-1) ?? null
      const plan = planOf({ digest: false, due: waiting, sent_last_hour: sent.filter((at) => at > now_ms - 3_600_000).length, per_hour_max, now_ms, last_ms })
      if (plan.kind === 'later') return plan.at_ms > now_ms && plan.at_ms - waits_since <= bounds.joined_every_ms
      for (let i = 0; i < (plan.kind === 'each' ? waiting : 1); i++) sent.push(now_ms)
      waiting = 0
      return true
    }
    for (const [gap, count] of gaps) {
      // The loop looks at least when the ten minutes are over.
      for (const end = now_ms + gap; now_ms < end;) {
        now_ms = Math.min(end, now_ms + 60_000)
        if (!look()) return false
      }
      if (waiting === 0) waits_since = now_ms
      waiting += count
      if (!look()) return false
    }
    return sent.every((at) => sent.filter((other) => other > at - 3_600_000 && other <= at).length <= per_hour_max + 6)
  }), { numRuns: 300 })
})
