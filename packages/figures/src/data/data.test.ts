import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { figureCsv, figureCsvFile } from './figure-csv.ts'
import { figureJson, queryText, type FigureData } from './figure-data.ts'
import { figureName } from './figure-name.ts'

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

  it('carries in every row the period, the query, that it is simulated, and that it says nothing of actors', () => {
    const [head, row] = figureCsvFile(data).split('\r\n')
    assert.equal(head, 'economy,packets,period_from,period_to,query,simulated,note')
    assert.equal(row, `XA,12,${data.from},${data.to},GET /api/v1/top/economies?limit=5,true,location-of-address-not-of-actor`)
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

describe('the name of a file', () => {
  const period = '_20260701T0000Z_20261001T0000Z'
  const named = (id: string, path: string, search = '') => figureName({ ...data, id, query: { method: 'GET', path, search } })

  it('says what, about whom and when', () => {
    assert.equal(named('top-economies', '/api/v1/top/economies', 'limit=5'), `top-economies${period}`)
    assert.equal(named('classes', '/api/v1/ports/tcp/23'), `classes-tcp-23${period}`)
    assert.equal(named('source-days', '/api/v1/sources/2001%3Adb8%3A%3A7'), `source-days-2001-db8-7${period}`)
    assert.equal(named('series-port', '/api/v1/series', 'dimension=port&key=tcp%2F23\nGET /api/v1/series?dimension=port&key=udp%2F53'), `series-port-tcp-23-udp-53${period}`)
  })

  it('stays a name that every file system takes', () => {
    assert.match(named('series-sensor', '/api/v1/series', `key=${encodeURIComponent('../../センサー ') + 'x'.repeat(500)}`), /^[a-z0-9-]{1,120}_\d{8}T\d{4}Z_\d{8}T\d{4}Z$/)
  })
})
