import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DAY_S } from '@hirundo/base'
import type { Detection } from '../detectors/model.ts'
import { EngineWorker, StateUnreadable, StateUnsaved, WorkerFailed } from './engine-worker.ts'
import { bombs } from './testing/detectors.fixture.ts'
import { loadedOf, type TestRow } from './testing/loaded.ts'
import type { WorkerStart } from './worker/protocol.ts'
import { writeState } from './worker/state-file.ts'

const FROM = 20_000 * DAY_S - 120
const bounds = { heap_mib_max: 96, push_ms_max: 60_000 }
const start: WorkerStart = {
  scene: { addresses: 256, sensors: 1, own: { economies: [], asns: [], networks: [] } }, parameters: {}, seed: 7, gather: false,
}
/** Four minutes across midnight. */
const rows: readonly TestRow[] = Array.from({ length: 40 }, (_, i) => ({ minute: FROM + (i % 4) * 60, src: i % 5 === 0 ? `2001:db8::${i}` : `240.0.0.${i % 7}`, port: i % 3 === 0 ? 80 : 23, packets: 1 + i }))
const within = (from: number, to: number): TestRow[] => rows.filter(({ minute }) => minute >= from && minute < to)
const chunk = (first: number, last: number) => loadedOf(FROM + first * 60, FROM + last * 60, within(FROM + first * 60, FROM + last * 60))
const bomb = (port: number) => loadedOf(FROM, FROM + 60, [{ minute: FROM, src: '240.0.0.1', port }])

describe('a thread for detectors', () => {
  let directory: string
  const open: EngineWorker[] = []
  const worker = async (more: Partial<WorkerStart> = {}, less: Partial<typeof bounds> = {}): Promise<EngineWorker> => {
    const made = await EngineWorker.start({ ...start, ...more }, { ...bounds, ...less }, new URL('./testing/worker.fixture.ts', import.meta.url))
    open.push(made)
    return made
  }
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hirundo-worker-'))
  })
  after(async () => {
    for (const one of open) await one.stop()
    await rm(directory, { recursive: true, force: true })
  })

  test('gives the same however its minutes are cut, and when it goes on from a file in between', async () => {
    const whole = await worker()
    const expected: Detection[] = [...(await whole.push(chunk(0, 4))).detections]
    assert.ok(expected.length > 4 && expected.some(({ end, start }) => end - start === DAY_S), 'minutes and a day')
    const path = join(directory, 'one.state')
    const first = await worker()
    const found = [...(await first.push(chunk(0, 1))).detections, ...(await first.push(chunk(1, 2))).detections]
    assert.equal(await first.save(path), (await readFile(path)).length)
    const second = await worker({ state_path: path })
    assert.deepEqual([...found, ...(await second.push(chunk(2, 4))).detections], expected)
  })

  test('a state that is damaged, cut off or missing is refused by name', async () => {
    const path = join(directory, 'two.state')
    const one = await worker()
    await one.push(chunk(0, 2))
    await one.save(path)
    const bytes = await readFile(path)
    for (const bad of [bytes.subarray(0, -1), bytes.subarray(0, 10), Buffer.concat([bytes.subarray(0, 40), Buffer.from([bytes[40]! ^ 1]), bytes.subarray(41)]), Buffer.alloc(0)]) {
      await writeFile(path, bad)
      await assert.rejects(worker({ state_path: path }), StateUnreadable)
    }
    await assert.rejects(worker({ state_path: join(directory, 'none.state') }), StateUnreadable)
    for (const foreign of [{ state: 0, next: 60 }, 'a text', null]) {
      writeState(path, foreign)
      await assert.rejects(worker({ state_path: path }), StateUnreadable, JSON.stringify(foreign))
    }
  })

  test('a state that cannot be written leaves nothing behind, says why, and the thread goes on', async () => {
    const states = join(directory, 'derived')
    const one = await worker()
    const found = [...(await one.push(chunk(0, 1))).detections]
    await one.save(join(states, 'first.state'))
    await rm(states, { recursive: true })
    await one.save(join(states, 'again.state'))
    assert.deepEqual(await readdir(states), ['again.state'], 'the directory is made again')
    await symlink('/dev/full', join(states, 'full.state.part'))
    await assert.rejects(one.save(join(states, 'full.state')), (error: Error) => error instanceof StateUnsaved && error.message === 'the disk is full')
    assert.deepEqual(await readdir(states), ['again.state'])
    found.push(...(await one.push(chunk(1, 4))).detections)
    const whole = await worker()
    assert.deepEqual(found, (await whole.push(chunk(0, 4))).detections)
  })

  test('one that needs more memory than it may, ends or takes too long fails alone, with the reason', async () => {
    const failing = async (port: number, reason: RegExp, less: Partial<typeof bounds> = {}): Promise<void> => {
      const one = await worker({}, less)
      await assert.rejects(one.push(bomb(port)), (error: Error) => error instanceof WorkerFailed && reason.test(error.message))
      await assert.rejects(one.push(chunk(0, 1)), WorkerFailed)
      await assert.rejects(one.save(join(directory, 'never')), WorkerFailed)
    }
    await failing(bombs.memory, /more than 96 MiB/)
    await failing(bombs.exit, /thread ended/)
    await failing(bombs.hang, /longer than 2 s/, { push_ms_max: 2_000 })
  })

  test('a detector that throws is ended, and the others go on', async () => {
    const one = await worker()
    assert.equal((await one.push(bomb(bombs.error))).health.find(({ kind }) => kind === 'worm')?.failed, 'cannot')
    assert.ok((await one.push(chunk(1, 2))).detections.length > 0)
  })

  test('a backtest’s thread gathers what is found, with when it was', async () => {
    const one = await worker({ gather: true })
    assert.deepEqual((await one.push(chunk(0, 4))).detections, [])
    await one.end()
    const known = { from_s: FROM, to_s: FROM + 4 * 60 + 1, synthetic: true, labels: [], shed: {} }
    const { detections, by_kind } = await one.score(known)
    assert.ok(detections > 0 && by_kind.some(({ alarms }) => alarms > 0), JSON.stringify(by_kind))
    assert.deepEqual((await one.score({ ...known, from_s: FROM - 60, to_s: FROM + 1 })).detections, 0, 'nothing was known before a minute was over')
  })
})
