import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { runSettings, type RunSettings } from '../cli/settings.ts'
import { silentLog } from '../log.ts'
import { temporary } from '../rig.fixture.ts'
import { recordPermission } from './permission.ts'

const wrong = (given: Record<string, string>): unknown => {
  const settings = runSettings(given, {})
  return settings.ok ? undefined : settings.problem.detail['what']
}

function right(given: Record<string, string>): NonNullable<RunSettings['answer']> {
  const settings = runSettings(given, {})
  assert.ok(settings.ok, settings.ok ? '' : JSON.stringify(settings.problem))
  return settings.value.answer!
}

describe('settings of answering', () => {
  test('every profile names protocols that exist; alone or beside an interface', () => {
    for (const answer of ['default', 'web', 'iot', 'ics', 'amplifier', 'all']) assert.ok(right({ answer }).profile.tcp.size + right({ answer }).profile.udp.size > 5, answer)
    assert.equal(right({ answer: 'ics', interface: 'eth0' }).profile.tcp.get(502), 'modbus')
    assert.equal(wrong({ answer: 'web', read: 'x.pcap' }), 'source')
    assert.equal(wrong({ answer: 'nonsense' }), 'answer')
    assert.equal(wrong({ interface: 'eth0', answer_port_offset: '1' }), 'answer_port_offset')
  })

  test('ports are moved, and what cannot be is refused by name', () => {
    assert.equal(right({ answer: 'web', answer_port_offset: '20000' }).listenAt(80), 20_080)
    assert.equal(wrong({ answer: 'ics', answer_port_offset: '50000' }), 'answer_port_offset')
    for (const answer of ['default', 'web', 'iot', 'ics', 'amplifier', 'all']) assert.equal(right({ answer, answer_port_offset: '5000' }).listenAt(22), 5022, `the offset of the docs, ${answer}`)
    assert.equal(wrong({ answer: 'web', answer_redirect_port: '0' }), 'answer_redirect_port')
    assert.equal(wrong({ answer: 'web', answer_address: 'here' }), 'answer_address')
    assert.equal(right({ answer: 'web', answer_redirect_port: '9000' }).redirect_port, 9000)
  })

  test('UDP is answered only under a name and a day, which is written down once', async (t: TestContext) => {
    assert.equal(right({ answer: 'amplifier' }).udp_permitted, false)
    for (const text of ['yes', ', 2026-01-01', 'Example Net', 'Example Net, 2026-02-30']) assert.equal(wrong({ answer: 'amplifier', answer_udp_permission: text }), 'answer_udp_permission', text)
    const { udp_permitted, udp_permission } = right({ answer: 'amplifier', answer_udp_permission: 'Example Net, NOC, 2026-02-03' })
    assert.deepEqual([udp_permitted, udp_permission], [true, { name: 'Example Net, NOC', date: '2026-02-03' }])
    const directory = await temporary(t)
    await recordPermission(directory, udp_permission, 1_767_225_600_000, silentLog)
    await recordPermission(directory, udp_permission, 1_777_225_600_000, silentLog)
    assert.equal(readFileSync(join(directory, 'answer-udp-permissions.jsonl'), 'utf8'), '{"name":"Example Net, NOC","date":"2026-02-03","recorded_at":"2026-01-01T00:00:00.000Z"}\n')
  })

  test('a profile file begins with another, adds, takes away and gives a persona', async (t: TestContext) => {
    const path = join(await temporary(t), 'profile.json')
    const file = (value: unknown): string => (writeFileSync(path, JSON.stringify(value)), path)
    const { profile } = right({ answer: file({ base: 'web', tcp: { 80: null, 8022: 'ssh' }, udp: { 53: 'dns' }, persona: { host_name: 'router' } }) })
    assert.deepEqual([profile.tcp.has(80), profile.tcp.get(8022), profile.tcp.get(8080), profile.udp.get(53), profile.persona.host_name], [false, 'ssh', 'http', 'dns', 'router'])
    for (const value of [{ tcp: { 0: 'ssh' } }, { tcp: { 22: 'shh' } }, { base: 'x' }, { ports: {} }, { tcp: [] }, []]) assert.equal(wrong({ answer: file(value) }), 'answer', JSON.stringify(value))
    assert.equal(wrong({ answer: file({ persona: { host_name: 'a\r\nb' } }) }), 'host_name')
    assert.equal(wrong({ answer: file({ persona: { hostname: 'a' } }) }), 'hostname')
  })
})
