import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contentDigest, signatureBase, signHmac, verifyHmac, type Component } from './message-signature.ts'

/** RFC 9421 appendix B.1.5 and B.2.5. */
const key = Buffer.from('uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==', 'base64')
const components: Component[] = [['date', 'Tue, 20 Apr 2021 02:07:55 GMT'], ['@authority', 'example.com'], ['content-type', 'application/json']]
const parameters = { created: 1_618_884_473, keyid: 'test-shared-secret' }

test('signs the example of RFC 9421 as the RFC does', () => {
  assert.equal(signatureBase(components, parameters).split('\n').at(-1), '"@signature-params": ("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"')
  assert.deepEqual(signHmac('sig-b25', components, parameters, key), {
    input: 'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
    signature: 'sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:',
  })
})

test('the digest of a body is that of RFC 9530', () => {
  assert.equal(contentDigest(Buffer.from('{"hello": "world"}')), 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:')
})

test('nothing that is signed may change', () => {
  const { signature } = signHmac('h', components, parameters, key)
  assert.ok(verifyHmac('h', components, parameters, key, signature))
  assert.ok(!verifyHmac('h', [...components.slice(0, 2), ['content-type', 'text/plain']], parameters, key, signature))
  assert.ok(!verifyHmac('h', components, { ...parameters, created: parameters.created + 1 }, key, signature))
  assert.ok(!verifyHmac('h', components, { ...parameters, nonce: 'x' }, key, signature))
  assert.ok(!verifyHmac('h', components, parameters, Buffer.alloc(32), signature))
  assert.ok(!verifyHmac('h', components, parameters, key, ''))
})
