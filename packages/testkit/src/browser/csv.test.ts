import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCsv } from './csv.ts'

test('CSV is read by RFC 4180, and what is not CSV is refused', () => {
  assert.deepEqual(parseCsv('a,b\r\n"x,""y""\nz",\r\n'), [['a', 'b'], ['x,"y"\nz', '']])
  assert.deepEqual(parseCsv('a\r\n'), [['a']])
  assert.throws(() => parseCsv('a,b\r\n1\r\n'), /a row of 1/)
  assert.throws(() => parseCsv('a\r\n"x\r\n'), /no CSV at 3/)
  assert.throws(() => parseCsv('a\r\nx"y\r\n'), /no CSV at/)
})
