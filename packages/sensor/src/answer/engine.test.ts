import { parseCidr, unwrap } from '@hirundo/base'
import { createHash } from 'node:crypto'
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { enrolled, until } from '../rig.fixture.ts'
import type { AnswerCounters } from './bounds.ts'
import { client, interactionsAt, startAnswering } from './rig.fixture.ts'

describe('a sensor that answers', { timeout: 60_000 }, () => {
  test('each session becomes one record at the node, with all that an ISP needs', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { tcp: { 23: 'telnet', 9999: 'any' }, bounds: { heartbeat_ms: 20 } })
    const telnet = await client(port('tcp/23'), 'root\r\nxc3511\r\n')
    await until(() => telnet.text().includes('Login incorrect') && sensor.stats().heartbeats > 0)
    const { localPort } = telnet.socket
    telnet.socket.destroy()
    const silent = await client(port('tcp/9999'))
    silent.socket.destroy()
    const noisy = await client(port('tcp/9999'), '\x01\x02\x03')
    await until(() => sensor.stats().answer!.tcp_bytes_in >= 17)
    noisy.socket.end()
    await until(() => interactionsAt(rig.node).length === 3)
    const [first, ...others] = interactionsAt(rig.node)
    assert.deepEqual([first!.protocol, first!.handshake, first!.dst_port, first!.src_port], ['telnet', 'dialogue', 23, localPort])
    assert.deepEqual(first!.logins, [{ user: 'root', password: 'xc3511' }])
    assert.deepEqual([...first!.src.subarray(10)], [255, 255, 127, 0, 0, 1])
    assert.ok(first!.clock_error_ms >= 0 && Math.abs(first!.at_ms - Date.now()) < 3_600_000)
    assert.deepEqual(first!.payload_sha256, new Uint8Array(createHash('sha256').update('root\r\nxc3511\r\n').digest()))
    assert.equal(Buffer.from(first!.sample).toString(), 'root\r\nxc3511\r\n')
    assert.deepEqual(others.map((one) => [one.handshake, one.bytes_in, one.payload_sha256 === undefined]).toSorted(), [['completed', 0, true], ['completed', 3, false]])
    await until(() => rig.node.heartbeats.some((one) => (one['answer'] as AnswerCounters).tcp_sessions === 3))
    await sensor.stop()
    assert.equal(sensor.stats().answer!.tcp_open, 0)
  })

  test('the bounds of source, bytes and time hold and are counted by name', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, {
      tcp: { 23: 'telnet', 9999: 'any', 80: 'http' },
      bounds: { answer_sessions_per_source_max: 2, answer_idle_ms_max: 60, answer_in_bytes_max: 1000, answer_out_bytes_max: 600 },
    })
    const answer = () => sensor.stats().answer!
    const held = await Promise.all([client(port('tcp/23')), client(port('tcp/23'))])
    const third = await client(port('tcp/23'))
    await third.closed
    assert.equal(answer().tcp_refused_source, 1)
    await Promise.all(held.map(({ closed }) => closed))
    assert.equal(answer().tcp_cut_time, 2)
    const long = await client(port('tcp/9999'), 'x'.repeat(1001))
    await long.closed
    assert.equal(answer().tcp_cut_bytes, 1)
    const asking = await client(port('tcp/80'), 'GET / HTTP/1.1\r\n\r\n'.repeat(5))
    await asking.closed
    assert.equal(answer().tcp_cut_bytes, 2)
    await until(() => interactionsAt(rig.node).length === 4)
    assert.ok(interactionsAt(rig.node).every((one) => one.truncated && one.bytes_out <= 600))
    await sensor.stop()
  })

  test('the end of a session that the dialogue ends is no cut, and stopping records what is open', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { tcp: { 23: 'telnet', 80: 'http' } })
    const asked = await client(port('tcp/80'), 'GET / HTTP/1.0\r\n\r\n')
    await asked.closed
    await client(port('tcp/23'))
    await until(() => sensor.stats().answer!.tcp_sessions === 2)
    await sensor.stop()
    assert.equal(sensor.stats().answer!.interactions, 2)
    assert.equal(sensor.stats().answer!.tcp_cut_time, 0)
  })

  test('one listener for all ports reads the port from the address; own addresses are masked', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { settings: { redirect_port: 0 }, own: [unwrap(parseCidr('192.0.2.0/24'))] })
    const asked = await client(port('tcp/*'), 'GET /192.0.2.9/198.51.100.1 HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n')
    await asked.closed
    await until(() => interactionsAt(rig.node).length === 1)
    const [record] = interactionsAt(rig.node)
    assert.equal(record!.dst_port, 1)
    assert.equal(record!.facts['http.path'], '/xxxxxxxxx/198.51.100.1')
    assert.equal(Buffer.from(record!.sample).toString(), 'GET /xxxxxxxxx/198.51.100.1 HTTP/1.0\r\nHost: xxxxxxxxx\r\n\r\n')
    await sensor.stop()
  })

  test('memory over all sessions is bounded: what was noted counts too', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { tcp: { 80: 'http' }, bounds: { answer_held_bytes_max: 4_000 } })
    const request = (n: number): string => `GET /${String(n).repeat(300)} HTTP/1.1\r\n\r\n`
    const few = await client(port('tcp/80'), request(1))
    await until(() => few.text().includes('404'))
    const many = await client(port('tcp/80'), ...[2, 3, 4, 5, 6, 7].map(request))
    await many.closed
    assert.equal(sensor.stats().answer!.tcp_cut_memory, 1)
    await sensor.stop()
  })

  test('rows per minute are bounded, and what is shed is counted', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { tcp: { 9999: 'any' }, bounds: { answer_record_bytes_per_minute_max: 200 } })
    for (let n = 0; n < 4; n++) (await client(port('tcp/9999'), 'x')).socket.end()
    await until(() => sensor.stats().answer!.interactions + sensor.stats().answer!.interactions_shed === 4)
    await sensor.stop()
    assert.equal(sensor.stats().answer!.interactions, 1)
  })
})
