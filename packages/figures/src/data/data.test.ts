import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { figureCsv, figureCsvFile } from './figure-csv.ts'
import { figureJson, queryText, type FigureData } from './figure-data.ts'

const data: FigureData = {
  id: 'top-ports', title: 'Top', query: { method: 'GET', path: '/api/v1/top/economies', search: 'limit=5' },
  from: '2026-07-01T00:00:00.000Z', to: '2026-10-01T00:00:00.000Z', coverage: { sensors_live: 4, sensors_total: 5 },
  simulated: true, note: 'location-of-address-not-of-actor',
  columns: [{ key: 'economy', label: '経済地域' }, { key: 'packets', label: 'パケット' }],
  rows: [{ economy: 'XA', packets: 12 }, { economy: '=HYPERLINK("http://example.test")', packets: null }],
}

describe('CSV', () => {
  it('runs no formula that an outsider wrote into a name', () => {
    for (const bad of ['=1+1', '+1', '-1+2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠SUM(A1)']) {
      const line = figureCsv([{ a: bad }], [{ key: 'a', label: 'a' }]).slice('a\r\n'.length)
      assert.match(line, /^"?'/, JSON.stringify(bad))
    }
    assert.equal(figureCsv([{ a: -5 }], [{ key: 'a', label: 'a' }]), 'a\r\n-5\r\n')
  })

  it('quotes as RFC 4180 says, and leaves a hole empty', () => {
    assert.equal(figureCsv([{ a: 'x,"y"\nz', b: null, c: Number.NaN }], ['a', 'b', 'c'].map((key) => ({ key, label: key }))), 'a,b,c\r\n"x,""y""\nz",,\r\n')
  })

  it('carries in every row that it is simulated and says nothing of actors', () => {
    assert.equal(figureCsvFile(data).split('\r\n')[1], 'XA,12,true,location-of-address-not-of-actor')
  })
})

describe('JSON', () => {
  it('carries the query, the coverage and the marks', () => {
    const document = JSON.parse(figureJson(data)) as Record<string, unknown>
    assert.equal(document.query, 'GET /api/v1/top/economies?limit=5')
    assert.deepEqual([document.simulated, document.note, document.coverage], [true, data.note, data.coverage])
    assert.deepEqual(document.rows, [{ economy: 'XA', packets: 12 }, { economy: data.rows[1]!.economy, packets: null }])
    assert.equal(queryText({ query: { method: 'GET', path: '/x', search: '' } }), 'GET /x')
  })
})
