import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareFingerprint } from './fingerprint.ts'

const known = 'p2py-vybw-eiyb-xadv-pnjq'

test('case, dashes and blanks of what is read out do not count', () => {
  for (const read of [known, 'P2PY VYBW EIYB XADV PNJQ', ' p2pyvybweiybxadvpnjq\n']) assert.equal(compareFingerprint(read, known).state, 'same')
})

test('a wrong group is named, and nothing less than the whole is enough', () => {
  assert.deepEqual(compareFingerprint('p2py-vybw-eiyb-xadv-pnjr', known), { ...compareFingerprint('p2py-vybw-eiyb-xadv-pnjr', known), state: 'different', differ: [5] })
  assert.equal(compareFingerprint('p2py-vybw-eiyb-xadv', known).state, 'partial')
  assert.equal(compareFingerprint(`${known}-p2py`, known).state, 'long')
  assert.equal(compareFingerprint(' - ', known).state, 'empty')
  assert.equal(compareFingerprint('p2py', 'p2py').state, 'partial')
})
