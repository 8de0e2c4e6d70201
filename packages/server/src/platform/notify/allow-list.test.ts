import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAddress, unwrap } from '@hirundo/base'
import fc from 'fast-check'
import { entriesFor, opensAddress, parseTarget } from './allow-list.ts'

const bytes = (text: string) => unwrap(parseAddress(text))
const opens = (cidr: string, address: string) => opensAddress([{ host: 'x', cidr }], bytes(address))

test('a URL is what it means, however it is written', () => {
  for (const text of ['http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.1/', 'http://①②⑦.0.0.1/', 'http://127.0.0.1./']) {
    assert.equal(unwrap(parseTarget(text)).host, '127.0.0.1', text)
  }
  assert.equal(unwrap(parseTarget('https://[::ffff:127.0.0.1]:8443/x?y=1')).host, '::ffff:7f00:1')
  assert.deepEqual((({ host, port, secure }) => [host, port, secure])(unwrap(parseTarget('https://Hooks.Example.'))), ['hooks.example', 443, true])
})

test('what is no plain http(s) URL is refused', () => {
  for (const text of ['', 'hooks.example', 'ftp://hooks.example/', 'file:///etc/passwd', 'https://user@hooks.example/', 'https://:pw@hooks.example/',
    'https://hooks.example/#x', 'https://hooks.example/a b', 'https://hooks.example/\r\nX: y', 'https:\\\\hooks.example\\', 'https://hooks.example/\u0000',
    'javascript:alert(1)', 'gopher://127.0.0.1:25/', `https://hooks.example/${'a'.repeat(500)}`]) {
    assert.equal(parseTarget(text).ok, false, text)
  }
})

test('an entry is for its host, port and scheme, whole', () => {
  const listed = (url: string, entry: object) => entriesFor(unwrap(parseTarget(url)), [{ host: 'hooks.example', cidr: '192.0.2.0/24', ...entry }]).length === 1
  assert.ok(listed('https://HOOKS.example/x', {}) && listed('https://hooks.example:8443/', { port: 8443 }) && listed('http://hooks.example/', { http: true }))
  assert.ok(listed('http://hooks.example:8080/', { http: true, port: 8080 }))
  for (const [url, entry] of [
    ['https://hooks.example:8443/', {}], ['http://hooks.example/', {}], ['https://hooks.example/', { http: true }], ['https://evil-hooks.example/', {}],
    ['https://hooks.example.evil.example/', {}], ['https://a.hooks.example/', {}], ['http://hooks.example:443/', {}],
  ] as const) assert.ok(!listed(url, entry), `${url} ${JSON.stringify(entry)}`)
})

test('a wide network opens no address that belongs to nobody outside; one that lies within such a block does', () => {
  for (const address of ['127.0.0.1', '127.8.9.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '192.0.2.1', '::1', 'fc00::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1',
    '64:ff9b::7f00:1', '2002:7f00:1::', '::7f00:1', '2001:0:7f00:1::']) {
    assert.ok(!opens('0.0.0.0/0', address) && !opens('::/0', address), address)
  }
  assert.ok(opens('127.0.0.1/32', '127.0.0.1') && opens('10.0.0.0/8', '10.9.9.9') && opens('192.168.7.0/24', '192.168.7.1') && opens('::1/128', '::1') && opens('fd00::/8', 'fd00::5'))
  assert.ok(!opens('10.0.0.0/7', '10.0.0.1') && !opens('192.168.7.0/24', '192.168.8.1'))
  assert.ok(opens('0.0.0.0/0', '93.184.215.14') && opens('2600::/12', '2606:2800::1'))
})

test('link-local, metadata of clouds, multicast and reserved addresses are never opened, even if they are named', () => {
  for (const [cidr, address] of [
    ['169.254.169.254/32', '169.254.169.254'], ['169.254.0.0/16', '169.254.169.254'], ['0.0.0.0/8', '0.0.0.0'], ['224.0.0.0/4', '224.0.0.1'],
    ['240.0.0.0/4', '240.1.2.3'], ['255.255.255.255/32', '255.255.255.255'], ['fe80::/10', 'fe80::1'], ['ff00::/8', 'ff02::1'], ['::/128', '::'],
    ['::ffff:169.254.169.254/128', '::ffff:169.254.169.254'],
  ] as const) assert.ok(!opens(cidr, address), address)
})

test('no address is opened that does not lie in the network', () => {
  const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((four) => four.join('.'))
  fc.assert(fc.property(v4, (address) => !opens('198.18.0.0/24', address) || address.startsWith('198.18.0.')))
  fc.assert(fc.property(v4, (address) => !opens('203.1.0.0/16', address) || address.startsWith('203.1.')))
})
