import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readJson } from './json-scan.ts'

const read = (text: string): unknown => readJson(Buffer.from(text))

test('every JSON value that is not refused is read as JSON.parse reads it', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
    const text = JSON.stringify(value)
    if (text.includes('__proto__') || /[0-9]{16}|e\+/.test(text) || !text.isWellFormed()) return
    assert.deepEqual(read(text), JSON.parse(text))
    assert.deepEqual(read(JSON.stringify(value, null, 2)), JSON.parse(text))
  }), { numRuns: 500 })
})

test('what JSON.parse refuses is refused', () => {
  const pieces = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '1', '-', '.', 'e', '0', 'true', 'null', ' ', '\u0001', '\\u00'), { maxLength: 12 })
  fc.assert(fc.property(pieces, (parts) => {
    const text = parts.join('')
    const value = read(text)
    if (value !== undefined) assert.deepEqual(value, JSON.parse(text))
  }), { numRuns: 3000 })
})

test('what two parsers may read differently is refused', () => {
  const refused = ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"b":{"a":1,"a":1}}', '[9007199254740992]', '[9007199254740993]', '[-9007199254740993]', '[1e16]', '[1e400]', '["\\ud800"]',
    '["\\udc00\\ud800"]', '{"__proto__":{}}', '\ufeff{}', '[01]', '[1.]', '[+1]', '[NaN]', "['a']", '[1,]', '{"a":1,}', '[1] x', '', ' ', `[${'1'.repeat(65)}]`]
  for (const text of refused) assert.equal(read(text), undefined, text.slice(0, 40))
  assert.equal(readJson(Uint8Array.of(0x22, 0xff, 0x22)), undefined)
  assert.equal(readJson(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)), undefined)
  assert.deepEqual(read('[9007199254740991]'), [2 ** 53 - 1])
  assert.deepEqual(read('["\\ud83d\\ude00", "鸟"]'), ['😀', '鸟'])
})

test('depth and count are bounded, and deep nesting costs nothing', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  assert.ok(read(nested(64)) !== undefined)
  assert.equal(read(nested(65)), undefined)
  assert.equal(read('['.repeat(1_000_000)), undefined)
  const list = (length: number): string => `[${'[],'.repeat(length - 1)}[]]`
  assert.ok(read(list(2 ** 20 - 1)) !== undefined)
  assert.equal(read(list(2 ** 20)), undefined)
  assert.equal(read('{"a":'.repeat(65) + '1' + '}'.repeat(65)), undefined)
})
