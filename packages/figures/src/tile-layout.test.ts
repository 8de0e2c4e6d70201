import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tilesFor, worldTiles, wrapTiles } from './tile-layout.ts'

describe('the arrangement of the world', () => {
  it('has each of the 249 codes of ISO 3166-1 once, each in a place of its own', () => {
    assert.equal(new Set(worldTiles.map(({ code }) => code)).size, 249)
    assert.equal(new Set(worldTiles.map(({ column, row }) => `${column} ${row}`)).size, 249)
    assert.ok(worldTiles.every(({ code }) => /^[A-Z]{2}$/.test(code)))
  })

  it('loses no code that it does not know', () => {
    const tiles = tilesFor(['JP', 'ZZ', 'XA', '??'])
    assert.deepEqual(['ZZ', 'XA', '??'].map((code) => tiles.filter((tile) => tile.code === code).length), [1, 1, 1])
    assert.equal(new Set(tiles.map(({ column, row }) => `${column} ${row}`)).size, tiles.length)
  })

  it('shows the fictional economies alone when only they are there', () => {
    assert.deepEqual(tilesFor(['XB', 'XA']).map(({ code }) => code), ['XA', 'XB', 'XC', 'XD', 'XE', 'XF', 'XG', 'XH'])
  })

  it('takes an operator’s own arrangement', () => {
    const own = [{ code: 'KR', column: 0, row: 0, label: '한국' }]
    assert.deepEqual(tilesFor(['KR', 'XB'], own).map(({ code }) => code), ['KR', 'XB'])
  })

  it('wraps in reading order', () => {
    assert.deepEqual(wrapTiles([{ code: 'B', column: 0, row: 1 }, { code: 'A', column: 5, row: 0 }, { code: 'C', column: 1, row: 1 }], 2)
      .map(({ code, column, row }) => `${code}${column}${row}`), ['A00', 'B10', 'C01'])
  })
})
