import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { Feed, type Issue } from './feed.ts'

const decode = (frame: Uint8Array): string => Buffer.from(frame).toString()
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

let now = 0
beforeEach(() => {
  now = 0
  mock.timers.enable({ apis: ['setTimeout'] })
})
afterEach(() => mock.timers.reset())

/** Time goes on in steps, as timers and what they start need it. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    now += Math.min(50, left)
    mock.timers.tick(Math.min(50, left))
    await settled()
  }
}

function feed(takes_ms = 0) {
  const made: boolean[] = []
  const failures: unknown[] = []
  let broken = false
  const one = new Feed<number>({
    every_ms: 4000, settle_ms: 250, refresh_ms: 30_000, busy_share_max: 0.1, world: { monotonic: () => now },
    onFailure: (error) => failures.push(error),
    make: async (data): Promise<Issue<number>> => {
      made.push(data)
      now += takes_ms
      if (broken) throw new Error('away')
      return { document: made.length, frame: Buffer.from(String(made.length)) }
    },
  })
  return { one, made, failures, set broken(value: boolean) { broken = value } }
}

test('however many listen, a document is made once and all get the same bytes', async () => {
  const { one, made } = feed()
  const frames: Uint8Array[] = []
  for (let i = 0; i < 50; i++) one.add((frame) => frames.push(frame))
  await pass(500)
  assert.deepEqual(made, [true])
  assert.equal(frames.length, 50)
  assert.ok(frames.every((frame) => frame === frames[0]))
  one.wake(true)
  await pass(4000)
  assert.equal(made.length, 2)
  assert.equal(frames.length, 100)
})

test('a burst of news is one document; what comes just after it is on screen within five seconds', async () => {
  const { one, made } = feed()
  const seen: { at: number; text: string }[] = []
  one.add((frame) => seen.push({ at: now, text: decode(frame) }))
  await pass(10_000)
  assert.equal(made.length, 1)
  const begun = now
  for (let i = 0; i < 10; i++) {
    one.wake(true)
    await pass(20)
  }
  await pass(1000)
  assert.equal(made.length, 2)
  const late = now
  one.wake(false)
  await pass(5000)
  assert.deepEqual(made, [true, true, false])
  assert.ok(seen[1]!.at - begun < 1000)
  assert.ok(seen[2]!.at - late < 5000)
  assert.ok(seen[2]!.at - seen[1]!.at >= 4000)
})

test('nothing is made while nobody listens, and what was missed is not kept from who comes', async () => {
  const { one, made } = feed()
  one.wake(true)
  await pass(60_000)
  assert.deepEqual(made, [])
  const remove = one.add(() => undefined)
  await pass(100)
  remove()
  one.wake(true)
  await pass(60_000)
  assert.equal(made.length, 1)
  const seen: string[] = []
  one.add((frame) => seen.push(decode(frame)))
  await pass(100)
  assert.deepEqual(seen, ['1', '2'])
})

test('time alone makes it again, and a slow store makes it more rarely', async () => {
  const calm = feed()
  calm.one.add(() => undefined)
  await pass(91_000)
  assert.equal(calm.made.length, 4)
  const slow = feed(2000)
  slow.one.add(() => undefined)
  for (let i = 0; i < 60; i++) {
    slow.one.wake(true)
    await pass(1000)
  }
  assert.ok(slow.made.length <= 4, String(slow.made.length))
})

test('a failure is told, keeps the news for the next try and ends nothing', async () => {
  const broken = feed()
  broken.one.add(() => undefined)
  await pass(1000)
  broken.broken = true
  broken.one.wake(true)
  await pass(9000)
  broken.broken = false
  await pass(5000)
  assert.deepEqual(broken.made, [true, true, true, true])
  assert.equal(broken.failures.length, 2)
  await assert.doesNotReject(broken.one.current())
})

test('who asks once gets the document of those who listen, and makes one only when it is old', async () => {
  const { one, made } = feed()
  const [a, b] = await Promise.all([one.current(), one.current()])
  assert.equal(a, b)
  await one.current()
  assert.equal(made.length, 1)
  await pass(60_000)
  const [c, d] = await Promise.all([one.current(), one.current()])
  assert.deepEqual([c.document, d.document], [2, 2], 'the one that waits gets what is made, and not what was there before')
  await pass(5000)
  one.wake(true)
  assert.equal((await one.current()).document, 3)
})
