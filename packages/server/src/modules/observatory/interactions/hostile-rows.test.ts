import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { formatMillis, INSTANT_END_S, parseAddress, unwrap } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { encodeInteraction, interactionBounds, type Interaction } from '@hirundo/formats'
import { RealNode, testDirectory, value } from '../testing/real-node.ts'
import type { FakeSensor } from '../testing/sensor.ts'

const NOW = Math.floor(Date.now() / 60_000) * 60_000
const query = { from: formatMillis(NOW - 3_600_000), to: formatMillis(NOW) }
/** Quotes, escapes, placeholders and the ends of texts, for SQL, JSON and the parameters of both. */
const ODD = '\'"`\\\\n{p0:String}]),(\0\t\n\u2028😀%'
/** Names with ends of lines are left out of answers. */
const NAME = ODD.replace(/[\n\u2028]/g, '')

const real = new RealNode()
let directory: Awaited<ReturnType<typeof testDirectory>>
let sensor: FakeSensor
before(async () => {
  directory = await testDirectory()
  await real.start(directory.path)
  sensor = await real.enrolled('north')
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const row = (given: Partial<Interaction>): Uint8Array => encodeInteraction({
  at_ms: NOW - 60_000, clock_error_ms: 0x7fff_ffff, src: unwrap(parseAddress('240.0.0.1')), src_port: 0xffff, dst_port: 0, transport: 'tcp', handshake: 'dialogue',
  protocol: ODD.slice(0, interactionBounds.protocol_chars_max), bytes_in: Number.MAX_SAFE_INTEGER, bytes_out: Number.MAX_SAFE_INTEGER, requests: 0xffff_ffff, duration_ms: 0xffff_ffff,
  payload_sha256: new Uint8Array(32), sample: Uint8Array.of(0, 255, 39), truncated: false, logins: [{ user: ODD, password: ODD }, { user: '', password: '' }], urls: [ODD, ''],
  facts: { 'http.path': `${ODD} | ${ODD}`, 'modbus.function': ODD, 'tls.ja4': ODD, ['__proto__']: ODD, '': ODD, [NAME]: ODD }, guess: { name: ODD, rule: ODD }, ...given,
})

test('rows of the largest numbers, the oddest texts and the ends of time are stored, and no answer fails for them', async () => {
  const src = unwrap(parseAddress('242.0.0.9'))
  const udp = { src, transport: 'udp', handshake: 'none' } as const
  const rows = [
    ...[...Array(5).keys()].map((i) => row({ src: unwrap(parseAddress(`240.0.0.${i + 1}`)) })), row({ at_ms: 0 }), row({ at_ms: INSTANT_END_S * 1000 - 1 }),
    row(udp), row({ ...udp, at_ms: NOW - 120_000 }), row({ ...udp, at_ms: NOW - 120_000, duration_ms: 0 }), row({ ...udp, src: unwrap(parseAddress('::')), protocol: '' }),
  ]
  await real.send(sensor, [sensor.batch(6, Buffer.concat(rows), rows.length)])
  await real.projected()
  const admin = real.client()
  for (const what of contract.heardKeys) {
    const { data } = await value(admin.call(contract.heardTop, { params: { what }, query }))
    assert.ok(data.rows.length > 0, what)
  }
  const { data } = await value(admin.call(contract.sourceEvidence, { params: { address: '240.0.0.1' }, query }))
  assert.deepEqual([data.evidence[0]!.facts[NAME], data.evidence[0]!.facts['__proto__'], data.evidence[0]!.logins[0]], [ODD, ODD, { user: ODD, password: ODD }])
  for (const settings of [{}, { definition: 'hopscotch' }, { packets_min: 1, gap_s: 60 }] as const) {
    const { data: { attacks } } = await value(admin.call(contract.drdosAttacks, { query: { ...query, ...settings } }))
    assert.deepEqual(attacks.map(({ victim, requests }) => [victim, requests]), [['242.0.0.9', 3 * 0xffff_ffff], ['::', 0xffff_ffff]])
  }
  await value(admin.call(contract.heardSeries, { query: { ...query, step: 60 } }))
  for (const kind of contract.indicatorKinds) {
    const { data: { indicators } } = await value(admin.call(contract.sharedIndicators, { params: { kind }, query }))
    assert.equal(indicators.length, 1, kind)
  }
  const status = await value(admin.call(contract.observatoryStatus, {}))
  assert.equal(status.quarantined, 0)
})
