import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexRows } from './hex-rows.ts'

test('bytes stand in rows of eight with what can be printed beside them, whatever was sent', () => {
  const bytes = Uint8Array.from([0, 0x1b, 0x41, 0x7e, 0x7f, 0xff, ...Buffer.from('<b>0123456789')])
  assert.deepEqual(hexRows(Buffer.from(bytes).toString('base64')), [
    { at: '0000', hex: '00 1b 41 7e 7f ff 3c 62', text: '··A~··<b' }, { at: '0008', hex: '3e 30 31 32 33 34 35 36', text: '>0123456' }, { at: '0010', hex: '37 38 39', text: '789' },
  ])
  assert.deepEqual([hexRows(''), hexRows('no base64!')], [[], []])
})
