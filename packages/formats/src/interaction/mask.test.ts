import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCidr, unwrap } from '@hirundo/base'
import { maskOwn } from './mask.ts'

const own = ['192.0.2.7/32', '2001:db8::7/128', '2001:db8:a::/120'].map((text) => unwrap(parseCidr(text)))

test('own addresses are hidden however they stand in a text, and others stay', () => {
  for (const [given, shown] of [
    ['::ffff:192.0.2.7', '::ffff:xxxxxxxxx'],
    ['[::ffff:192.0.2.7]:80', '[::ffff:xxxxxxxxx]:80'],
    ['::ffff:c000:207', 'xxxxxxxxxxxxxxx'],
    ['192.0.2.7.192.0.2.7', 'xxxxxxxxx.xxxxxxxxx'],
    ['1.3.6.1.2.1.4.20.1.1.192.0.2.7', '1.3.6.1.2.1.4.20.1.1.xxxxxxxxx'],
    ['v1.192.0.2.7.example', 'v1.xxxxxxxxx.example'],
    ['bad:cafe:192.0.2.7', 'bad:cafe:xxxxxxxxx'],
    ['2001:db8::7: refused', 'xxxxxxxxxxx: refused'],
    ['Host:2001:db8::7', 'Host:xxxxxxxxxxx'],
    ['source:2001:db8::7', 'source:xxxxxxxxxxx'],
    ['face:2001:db8:0:0:0:0:0:7', 'face:xxxxxxxxxxxxxxxxxxxx'],
    ['2001:db8:a::0.0.0.9', 'xxxxxxxxxxxxxxxxxxx'],
    ['2001:db8:a::0.0.1.9', '2001:db8:a::0.0.1.9'],
    ['2001:db8::77 192.0.2.77 192.0.2.71', '2001:db8::77 192.0.2.77 192.0.2.71'],
    ['12:34:56 00:11:22:33:44:55 1.2.3.4.5', '12:34:56 00:11:22:33:44:55 1.2.3.4.5'],
  ] as const) assert.equal(maskOwn(given, own), shown)
})
