import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notUnderstood } from './not-understood.ts'
import { parseSearch } from './search-params.ts'

const NOW_MS = Date.UTC(2026, 10, 20)
const of = (address: string) => {
  const [path = '', search = ''] = address.split('?')
  return notUnderstood(path, parseSearch(search), NOW_MS).map(({ said, shown }) => [said, shown])
}

test('a mistyped value is named, with what is shown instead', () => {
  assert.deepEqual(of('/measure/report?quarter=2026-Q9'), [['quarter=2026-Q9', 'quarter=2026-Q3']])
  assert.deepEqual(of('/observe/top/ports?last=24&limit=20'), [['last=24', 'last=24h'], ['limit=20', 'limit=25']])
  assert.deepEqual(of('/observe/explore?key=tcp/23&step=7'), [['key=tcp/23', undefined], ['step=7', undefined]])
  assert.deepEqual(of('/observe/compare?base=custom&order=luck'), [['base=custom', 'base=previous'], ['order=luck', 'order=size']])
})

test('a mistyped name is named too', () => {
  assert.deepEqual(of('/measure/report?quater=2026-Q1'), [['quater=2026-Q1', undefined]])
  assert.deepEqual(of('/observe?from=2026-01-01T00:00:00Z'), [['from=2026-01-01T00:00:00Z', undefined]])
})

test('a period needs both ends, the earlier first', () => {
  assert.deepEqual(of('/observe/economies?from=2026-01-01'), [['from=2026-01-01', 'last=24h']])
  assert.deepEqual(of('/observe/ports/tcp/23?from=2026-01-02&to=2026-01-01&last=7d').map(([said]) => said), ['from=2026-01-02', 'to=2026-01-01'])
})

test('nothing is said of what pages understand, nor of pages that speak for themselves', () => {
  for (const address of [
    '/observe', '/observe/explore?dimension=port&key=tcp/23&key=tcp/22&last=90d&step=3600&scale=log&measure=sources', '/measure/report?quarter=2026-Q4&language=zh-Hant',
    '/observe/sources/240.0.0.1?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&sensor=a&sensor=b&research=only&piece=3', '/observe/sensors?show=x&new=token',
    '/observe/compare?base_from=2026-01-01&base_to=2026-01-02&dimension=asns&limit=50&order=change', '/node/audit?anything=else', '/nowhere?x=y',
  ]) assert.deepEqual(of(address), [], address)
})

test('an address cannot fill the page', () => {
  const many = of(`/observe?${Array.from({ length: 50 }, (_, i) => `a${i}=${'x'.repeat(500)}`).join('&')}`)
  assert.equal(many.length, 5)
  assert.ok(many.every(([said]) => said!.length <= 60))
})
