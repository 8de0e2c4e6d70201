import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causedBy } from './warning-twin.ts'

const alarm = (port: number, raised_at: number, because_of: string[] = []) =>
  ({ kind: 'change-point' as const, subject: { protocol: 'tcp', port }, severity: 'notice' as const, start: raised_at, end: raised_at, raised_at, labels: [], because_of })
const run = (alarms: ReturnType<typeof alarm>[]) => ({ options: { seed: 1, days: 1 }, harmless: [{ id: 'outage-1', event: 'outage' }], alarms })
const judge = (alarms: ReturnType<typeof alarm>[], twin?: ReturnType<typeof alarm>[]) => {
  const [{ at_the_time, is_cause }] = causedBy(run(alarms), twin && { alarms: twin }) as [ReturnType<typeof causedBy>[number]]
  return [at_the_time, is_cause]
}

test('an alarm that comes without the event too is not because of it, one that does not is', () => {
  assert.deepEqual(judge([alarm(23, 1000)]), [false, false])
  assert.deepEqual(judge([alarm(23, 1000, ['outage-1'])], [alarm(23, 2000)]), [true, false])
  assert.deepEqual(judge([alarm(23, 1000, ['outage-1'])], [alarm(22, 1000)]), [true, true])
  assert.deepEqual(judge([alarm(23, 1000, ['outage-1'])], [alarm(23, 99_000)]), [true, true])
  assert.deepEqual(judge([alarm(23, 1000, ['outage-1']), alarm(80, 1000, ['outage-1'])], [alarm(23, 1000)]), [true, true])
})

test('without a world to compare with every alarm at the time counts', () => {
  assert.deepEqual(judge([alarm(23, 1000, ['outage-1'])]), [true, true])
})
