import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatSeconds, realWorld } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { RealNode, testDirectory, until, value } from './testing/real-node.ts'
import { interaction, type FakeSensor, type FlowRow } from './testing/sensor.ts'

const at = (text: string) => Date.parse(text) / 1000
const clock = { now_ms: at('2026-03-10T00:00:00Z') * 1000, wrong_ms: 0 }
// Setting `now_ms` lets time pass; setting `wrong_ms` sets the wall clock only.
const real = new RealNode({ now: () => clock.now_ms + clock.wrong_ms, random: realWorld.random, monotonic: () => clock.now_ms })
const january = { from: at('2026-01-01T00:00:00Z'), to: at('2026-02-01T00:00:00Z') }
const february = { from: january.to, to: at('2026-03-01T00:00:00Z') }
const MORNING = at('2026-01-05T10:00:00Z')
const retention_every_ms = 250

let directory: Awaited<ReturnType<typeof testDirectory>>
let sensor: FakeSensor
before(async () => {
  directory = await testDirectory()
  await real.start(directory.path, { rollup_every_ms: 3_600_000, retention_every_ms })
  sensor = await real.enrolled('north')
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const text = ({ from, to }: { from: number; to: number }) => ({ from: formatSeconds(from), to: formatSeconds(to) })
const rawRows = async (range: { from: number; to: number }) => (await real.node.analytics.stored(range)).rows
const heardRows = async (range: { from: number; to: number }) => (await real.node.analytics.interactions.stored(range)).rows
const row = (minute: number, n: number, packets: number): FlowRow => ({ minute, src: `240.${n}.0.1`, dst_port: [23, 445, 80][n % 3]!, packets })

async function tops(range: { from: number; to: number }) {
  return Promise.all(contract.topDimensions.map(async (dimension) =>
    (await value(real.client().call(contract.topAnswer, { params: { dimension }, query: text(range) }))).data))
}

/** What may be asked at this resolution. */
async function answers(ranges: readonly { from: number; to: number }[], step: number) {
  const seen = []
  for (const range of ranges) {
    const { data } = await value(real.client().call(contract.seriesAnswer, { query: { ...text(range), step } }))
    const watched = await value(real.client().call(contract.coverageAnswer, { query: text(range) }))
    seen.push({ tops: await tops(range), points: data.points.filter(({ packets }) => packets !== null), watched: watched.data })
  }
  return seen
}

const days = [{ from: january.from, to: february.to }, { from: MORNING - 10 * 3600, to: MORNING + 14 * 3600 }]
const hours = [{ from: MORNING - 3 * 3600, to: MORNING + 3600 }]
let by_day: Awaited<ReturnType<typeof answers>>
let by_hour: Awaited<ReturnType<typeof answers>>

test('single flows stay as long as a sum of theirs is not computed, also past their days', async () => {
  const rows = [0, 1, 2, 3].map((n) => row(MORNING + n * 1800, n, 10 ** n))
  const more = [row(at('2026-01-31T23:59:00Z'), 4, 5), row(at('2026-02-01T00:00:00Z'), 5, 50), row(at('2026-02-01T00:01:00Z'), 6, 500)]
  const heard = [MORNING, at('2026-02-01T00:00:00Z')].map((second) => interaction({ at_ms: second * 1000 }))
  await real.send(sensor, [sensor.flows(rows), sensor.minutes(rows.map(({ minute }) => minute)), sensor.flows(more), sensor.interactions(heard)])
  await real.projected()
  by_day = await answers(days, 86_400)
  by_hour = await answers(hours, 3600)
  clock.now_ms = at('2026-05-02T00:00:00Z') * 1000
  await sleep(4 * retention_every_ms)
  assert.equal(await rawRows(january), 5)
})

test('when the sums are there only whole months go, and every answer stays as it was', async () => {
  await real.stop()
  clock.now_ms = at('2026-04-30T00:00:00Z') * 1000
  await real.start(directory.path, { retention_every_ms })
  const rolled = async () => {
    const { hours_to_roll, days_to_roll } = await real.status()
    return hours_to_roll === 0 && days_to_roll === 0
  }
  await until(rolled, 'the last sum')
  await sleep(2 * retention_every_ms)
  // On 30 April 90 days reach to 30 January: one row of the month is still young.
  assert.equal(await rawRows(january), 5)
  assert.deepEqual([await answers(days, 86_400), await answers(hours, 3600)], [by_day, by_hour])
  clock.now_ms = at('2026-05-02T00:00:00Z') * 1000
  await until(async () => (await rawRows(january)) === 0, 'the end of January')
  assert.equal(await rawRows(february), 2)
  await until(async () => (await heardRows(january)) === 0, 'the end of January’s interactions')
  // February ended more than 30 days ago.
  const kept = () => real.node.analytics.interactions.of('240.1.2.3', { organisation: 1, ...february, research: 'include' }, 2)
  await until(async () => (await kept()).every(({ sample, logins }) => sample.length === 0 && logins.length === 0), 'the end of what strangers wrote')
  assert.deepEqual((await kept()).map(({ protocol }) => protocol), ['telnet'])
  assert.deepEqual(await answers(days, 86_400), by_day)
  assert.deepEqual(await answers(hours, 3600), by_hour)
})

test('what comes after its month was dropped is added to the sums once, though the answer was lost and the node stopped', async () => {
  const { analytics } = real.node
  const add = analytics.addLateBlock.bind(analytics)
  const lost: bigint[] = []
  analytics.addLateBlock = async (block) => {
    await add(block)
    lost.push(block.id)
    throw new Error('the answer was lost')
  }
  const late = [row(MORNING, 7, 7), row(MORNING + 86_400, 0, 70)]
  const heard = [MORNING, at('2026-02-02T00:00:00Z')].map((second) => interaction({ at_ms: second * 1000 }))
  await real.send(sensor, [sensor.flows(late), sensor.interactions(heard), sensor.flows([row(at('2026-02-01T00:02:00Z'), 8, 1)])])
  await until(async () => lost.length >= 3, 'the third try')
  await real.stop()
  await real.start(directory.path, { retention_every_ms })
  const status = await real.projected()
  assert.deepEqual([status.late_packets, status.packets], [77, 1111 + 555 + 78])
  assert.deepEqual([status.late_interactions, status.interactions], [1, 3])
  assert.deepEqual([await heardRows(january), await heardRows(february)], [0, 2])
  assert.equal(await rawRows(january), 0)
  assert.equal(await rawRows(february), 3)
  const packets = async (range: { from: number; to: number }) => (await tops(range)).map((rows) => rows.reduce((sum, one) => sum + one.packets, 0))
  const six = (sum: number) => contract.topDimensions.map(() => sum)
  assert.deepEqual(await packets({ from: january.from, to: february.to }), six(1111 + 555 + 78))
  assert.deepEqual(await packets({ from: MORNING, to: MORNING + 3600 }), six(11 + 7))
  const [ports, , , sources] = await tops({ from: MORNING, to: MORNING + 3600 })
  assert.equal(ports!.find(({ port }) => port === 445)!.packets, 17)
  assert.equal(sources!.find(({ source }) => source === '240.7.0.1')!.packets, 7)
  // A month that is kept may be computed again: what was added late stays in it.
  by_day = await answers(days, 86_400)
})

test('a clock that jumps ahead deletes nothing, in a running node and in one that starts; it is said', async () => {
  const said = async () => (await value(real.client().call(contract.nodeStatus, {}))).checks.find(({ name }) => name === 'retention')!
  assert.deepEqual([(await said()).ok, (await said()).detail], [true, 'As the settings say.'])
  clock.wrong_ms = 3 * 365 * 86_400_000
  await until(async () => (await said()).detail.includes('set while'), 'the doubt')
  await sleep(2 * retention_every_ms)
  assert.equal(await rawRows(february), 3)
  await real.stop()
  await real.start(directory.path, { retention_every_ms })
  await until(async () => (await said()).detail.includes('beyond the last time'), 'the doubt of the start')
  await sleep(2 * retention_every_ms)
  assert.equal(await rawRows(february), 3)
  const status = await value(real.client().call(contract.nodeStatus, {}))
  assert.equal(status.ready, true)
  clock.wrong_ms = 0
  await until(async () => (await said()).detail.includes('set while'), 'the doubt of the clock that was put right')
  assert.deepEqual(await answers(days, 86_400), by_day)
})

test('sums per hour go after their years, sums per day never', async () => {
  clock.now_ms = at('2028-05-10T00:00:00Z') * 1000
  await until(async () => (await rawRows(february)) === 0, 'the end of February')
  const fine = async () => real.client().call(contract.seriesAnswer, { query: { ...text(hours[0]!), step: 3600 } })
  await until(async () => !(await fine()).ok, 'the end of the hours')
  const refused = await fine()
  assert.ok(!refused.ok && refused.problem.code === 'query/too-wide', JSON.stringify(refused))
  assert.deepEqual(await answers(days, 86_400), by_day)
  assert.ok(!real.logged.some((line) => line.includes('will be tried again')), 'no round failed')
})
