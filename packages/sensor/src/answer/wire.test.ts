// What leaves a sensor on the wire under forged floods: the kernel's packets too, which no counter of ours sees.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { enrolled, until, type Rig } from '../rig.fixture.ts'
import { answerBounds } from './bounds.ts'
import { interactionsAt, startAnswering } from './rig.fixture.ts'
import { SENSOR_ADDRESS, whyNoWire, Wire, type WirePacket } from './wire.fixture.ts'

const program = join(import.meta.dirname, '../../bin/hirundo-sensor.mjs')
const deploy = join(import.meta.dirname, '../../../../deploy')
const SYN_ACK = 0x12
const victims = ['198.51.100.7', '198.51.100.8', '203.0.113.9'] as const
const netOf = (address: string): string => address.slice(0, address.lastIndexOf('.'))

/** A sensor that answers in its namespace; its node is not to be reached from there. */
async function sensorOn(t: TestContext, wire: Wire, rig: Rig): Promise<() => Promise<void>> {
  const profile = join(dirname(rig.directory), 'profile.json')
  await writeFile(profile, JSON.stringify({ base: 'amplifier', tcp: { 23: 'telnet' } }))
  const child = wire.startOnSensor(process.execPath, program, 'run', '--state', rig.directory, '--answer', profile, '--answer-address', '0.0.0.0',
    '--answer-udp-permission', 'Test, 2026-01-01', '--answer-redirect-port', '9000')
  t.after(() => child.kill('SIGKILL'))
  child.stderr!.setEncoding('utf8')
  let said = ''
  child.stderr!.on('data', (text: string) => (said += text))
  await until(() => said.includes('watching') || child.exitCode !== null)
  assert.equal(child.exitCode, null, said)
  return async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
}

const sum = (packets: readonly WirePacket[], holds: (packet: WirePacket) => boolean): number =>
  packets.filter(holds).reduce((total, { bytes }) => total + bytes, 0)
const synAcks = (packets: readonly WirePacket[]): number => packets.filter(({ flags }) => flags === SYN_ACK).length

describe('on the wire', { timeout: 120_000, skip: whyNoWire() }, () => {
  test('forged UDP floods: no victim and no net gets more than was sent in its name, and one first answer', async (t) => {
    const rig = await enrolled(t)
    const wire = new Wire(t)
    const stop = await sensorOn(t, wire, rig)
    const requests: Readonly<Record<number, string>> = {
      123: '1700032a00000000', 53: '123401000001000000000000037777770765786d61706c650000ff0001', 19: '78', 11211: '000000000001000073746174730d0a',
      161: '302602010104067075626c6963a519020107020100020105300e300c06082b060102010101000500',
    }
    const directory = dirname(rig.directory)
    await Promise.all(Object.entries(requests).map(([port, bytes]) => writeFile(join(directory, `${port}.bin`), Buffer.from(bytes, 'hex'))))
    const floods = Object.entries(requests).flatMap(([port, bytes]) => victims.map((victim) =>
      `hping3 -q --udp -a ${victim} -p ${port} -d ${bytes.length / 2} -E ${join(directory, `${port}.bin`)} -c 300 -i u1000 ${SENSOR_ADDRESS} 2>&1`))
    const packets = await wire.capture(directory, () => wire.attack(...floods))
    const nets = new Set(victims.map(netOf))
    for (const net of nets) {
      const to = sum(packets, ({ src, dst }) => src === SENSOR_ADDRESS && netOf(dst) === net)
      const from = sum(packets, ({ src }) => netOf(src) === net)
      assert.ok(to > 0, 'it answered at all')
      assert.ok(to <= from + answerBounds.answer_udp_first_bytes_max, `${net}: ${to} bytes for ${from}`)
      t.diagnostic(`${net}.0/24: ${from} bytes forged, ${to} bytes answered`)
    }
    await stop()
  })

  test('SYN-ACKs for one forged SYN: as many as tcp_synack_retries says, and one', async (t) => {
    const rig = await enrolled(t)
    const wire = new Wire(t)
    const stop = await sensorOn(t, wire, rig)
    const flood = `hping3 -q -S -a ${victims[2]} -p 23 -c 5 -i u1000 ${SENSOR_ADDRESS} 2>&1`
    for (const retries of [1, 0]) {
      wire.onSensor(`sysctl -qw net.ipv4.tcp_synack_retries=${retries}`)
      // The second would follow after one second, the third after three.
      const packets = await wire.capture(dirname(rig.directory), () => wire.attack(flood), 3_500)
      assert.equal(synAcks(packets), 5 * (1 + retries), `tcp_synack_retries=${retries}`)
    }
    await stop()
  })

  test('the firewall’s rules: no ICMP error, few SYN-ACKs to one net, and every port reaches the one listener', async (t) => {
    const rig = await enrolled(t)
    const wire = new Wire(t)
    wire.onSensor(`nft -f ${deploy}/answer-firewall.nft && ${deploy}/answer-all-ports.sh --interface wire0 --listen 9000 --except 23 | nft -f - && ip route add local 198.18.0.0/16 dev lo`)
    wire.onSensor('sysctl -qw net.ipv4.tcp_synack_retries=0')
    const stop = await sensorOn(t, wire, rig)
    const closed = `hping3 -q --udp -a ${victims[0]} -p 4000 -d 8 -c 50 -i u1000 ${SENSOR_ADDRESS} 2>&1`
    const syns = `hping3 -q -S -a ${victims[2]} -p 4444 -c 1500 -i u500 ${SENSOR_ADDRESS} 2>&1`
    const packets = await wire.capture(dirname(rig.directory), () => wire.attack(closed, syns))
    assert.equal(packets.filter(({ protocol, src }) => protocol === 'icmp' && src === SENSOR_ADDRESS).length, 0)
    // 200 at once and 50 a second; the flood takes one to three seconds here.
    assert.ok(synAcks(packets) >= 200 && synAcks(packets) <= 600, String(synAcks(packets)))
    assert.match(await wire.attack(`curl -s --max-time 5 http://${SENSOR_ADDRESS}:4444/found`), /404 Not Found/)
    assert.equal(await wire.attack(`curl -s --max-time 2 http://198.18.31.144:9000/ --interface wire1`), '')
    await stop()
    await sleep(10)
    const { sensor } = await startAnswering(rig, { tcp: { 9999: 'any' } })
    await until(() => interactionsAt(rig.node).some((one) => one.dst_port === 4444 && one.facts['http.path'] === '/found'))
    const [record] = interactionsAt(rig.node)
    assert.equal(Buffer.from(record!.src.subarray(12)).join('.'), '10.99.0.2')
    await sensor.stop()
  })
})
