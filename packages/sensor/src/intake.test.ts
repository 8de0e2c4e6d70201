import { realWorld } from '@hirundo/base'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sensorBounds } from './bounds.ts'
import { Intake } from './intake.ts'
import { silentLog } from './log.ts'
import { pcapHeader, synAt } from './rig.fixture.ts'
import { streamSource } from './sources/source.ts'

const T = 1_767_225_600

test('a file holds its last two minutes at most, and a packet that is up to 50 s late still finds its own open', () => {
  const intake = new Intake({
    source: streamSource(false, []), destinations: [], bounds: sensorBounds, world: realWorld, log: silentLog, resume_s: 0,
    monotonic_ms: () => 0, out: () => undefined,
  })
  const capture = intake.openCapture('test')
  intake.push(capture, pcapHeader())
  const open: number[] = []
  for (let second = 0; second < 600; second++) {
    intake.push(capture, synAt(T + second, second))
    open.push((T + second - (second % 60) - Math.max(intake.closed_s, T)) / 60 + 1)
  }
  assert.equal(Math.max(...open), 2)
  assert.deepEqual([open[109], open[110]], [2, 1])
})
