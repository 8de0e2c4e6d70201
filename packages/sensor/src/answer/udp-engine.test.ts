import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { describe, test, type TestContext } from 'node:test'
import { enrolled, until } from '../rig.fixture.ts'
import { client, interactionsAt, startAnswering } from './rig.fixture.ts'

const hasIPv6 = Object.values(networkInterfaces()).flat().some((one) => one?.family === 'IPv6')
const MONLIST = Buffer.from('1700032a00000000', 'hex')

async function asking(t: TestContext): Promise<{ readonly socket: Socket; readonly got: Buffer[] }> {
  const socket = createSocket('udp4')
  const got: Buffer[] = []
  socket.on('message', (message) => got.push(message))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.after(() => socket.close())
  return { socket, got }
}

describe('UDP', { timeout: 60_000 }, () => {
  test('the first answer is as large as the bound, then no more comes than was sent; all is one record', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { udp: { 123: 'ntp' } })
    const { socket, got } = await asking(t)
    const answer = () => sensor.stats().answer!
    for (let n = 1; n <= 40; n++) {
      socket.send(MONLIST, port('udp/123'), '127.0.0.1')
      await until(() => answer().udp_requests === n)
    }
    await until(() => got.length === answer().udp_answers)
    assert.equal(got[0]!.length, 368)
    assert.ok(answer().udp_bytes_out <= answer().udp_bytes_in + 512, JSON.stringify(answer()))
    assert.ok(answer().udp_unanswered_bytes > 0)
    await sensor.stop()
    const again = await startAnswering(rig, { udp: { 123: 'ntp' } })
    await until(() => interactionsAt(rig.node).length === 1)
    const [record] = interactionsAt(rig.node)
    assert.deepEqual([record!.requests, record!.bytes_in, record!.handshake, record!.facts['ntp.request'], record!.src_port], [40, 320, 'none', '42', socket.address().port])
    assert.equal(record!.bytes_out, got.reduce((sum, one) => sum + one.length, 0))
    await again.sensor.stop()
  })

  test('IPv4 and IPv6 at one socket, as an operator’s sensor listens', { skip: hasIPv6 ? false : 'there is no IPv6 here' }, async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { udp: { 123: 'ntp' }, tcp: { 80: 'http' }, settings: { address: '::' } })
    const { socket, got } = await asking(t)
    socket.send(MONLIST, port('udp/123'), '127.0.0.1')
    const six = createSocket('udp6').on('message', (message) => got.push(message))
    six.send(MONLIST, port('udp/123'), '::1')
    await until(() => got.length === 2)
    six.close()
    const asked = await client(port('tcp/80'), 'GET / HTTP/1.0\r\n\r\n')
    await asked.closed
    await until(() => interactionsAt(rig.node).length === 1)
    assert.deepEqual([...interactionsAt(rig.node)[0]!.src.subarray(10)], [255, 255, 127, 0, 0, 1])
    await sensor.stop()
    assert.equal(sensor.stats().answer!.interactions, 3)
  })

  test('without a permission everything is recorded and nothing is sent', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { udp: { 123: 'ntp' }, settings: { udp_permitted: false } })
    const { socket, got } = await asking(t)
    socket.send(MONLIST, port('udp/123'), '127.0.0.1')
    await until(() => sensor.stats().answer!.udp_unanswered_permission === 1)
    await sensor.stop()
    assert.equal(got.length, 0)
    assert.deepEqual([sensor.stats().answer!.udp_answers, sensor.stats().answer!.interactions], [0, 1])
  })

  test('records are bounded, and a service that answers everything is not talked to', async (t) => {
    const rig = await enrolled(t)
    const { sensor, port } = await startAnswering(rig, { udp: { 19: 'chargen', 123: 'ntp' }, bounds: { answer_udp_records_max: 1 } })
    const { socket } = await asking(t)
    socket.send('x', port('udp/19'), '127.0.0.1')
    await until(() => sensor.stats().answer!.udp_requests === 1)
    socket.send(MONLIST, port('udp/123'), '127.0.0.1')
    await until(() => sensor.stats().answer!.udp_unrecorded === 1)
    if (process.getuid?.() === 0) {
      const echo = createSocket('udp4')
      echo.bind(7, '127.0.0.1')
      await once(echo, 'listening')
      echo.send('x', port('udp/19'), '127.0.0.1')
      await until(() => sensor.stats().answer!.udp_unanswered_source === 1)
      echo.close()
    } else t.diagnostic('port 7 needs root: not tried')
    await sensor.stop()
  })
})
