import { batchKinds } from '@hirundo/formats'
import { faultyDisk, realDisk, type Faults } from '@hirundo/journal'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  enrolled, minuteRow, numbersAt, openSpool, range, sendFrom, until,
} from './rig.fixture.ts'
import type { Spool } from './spool.ts'

const add = (spool: Spool, first: number, last: number): void => {
  for (const n of range(first, last)) spool.add(batchKinds.sensor_minute, 1, minuteRow(n))
}

const drained = (spool: Spool): Promise<void> => until(() => spool.acked === spool.last)

describe('spool and sender', { timeout: 60_000 }, () => {
  test('an outage: everything waits on disk and arrives once and in order', async (t) => {
    const rig = await enrolled(t)
    await rig.node.close()
    const spool = await openSpool(rig.directory)
    const sender = sendFrom(t, rig, spool)
    add(spool, 1, 50)
    await until(() => sender.stats.state === 'node_away')
    assert.equal(spool.acked, 0n)
    await rig.node.listen()
    await spool.settled()
    await drained(spool)
    assert.deepEqual(numbersAt(rig.node), range(1, 50))
    await sender.stop()
    await spool.close()
  })

  test('a forged acknowledgement erases nothing and advances nothing', async (t) => {
    const rig = await enrolled(t)
    rig.node.behaviour.forge = true
    const spool = await openSpool(rig.directory)
    const sender = sendFrom(t, rig, spool)
    add(spool, 1, 3)
    await until(() => sender.stats.forged > 2)
    assert.equal(spool.acked, 0n)
    assert.equal(spool.stats.spool_batches, 3)
    rig.node.behaviour.forge = false
    await drained(spool)
    assert.deepEqual(numbersAt(rig.node), range(1, 3))
    await sender.stop()
    await spool.close()
  })

  test('a lost reply: the same batches are sent again, with the same bytes', async (t) => {
    const rig = await enrolled(t)
    rig.node.behaviour.loseReply = true
    const spool = await openSpool(rig.directory)
    const sender = sendFrom(t, rig, spool)
    add(spool, 1, 5)
    await until(() => rig.node.taken.size === 5 && rig.node.posts > 1)
    rig.node.behaviour.loseReply = false
    await drained(spool)
    assert.deepEqual(numbersAt(rig.node), range(1, 5))
    await sender.stop()
    await spool.close()
  })

  test('a batch in quarantine is acknowledged, counted and does not hold up the rest', async (t) => {
    const rig = await enrolled(t)
    rig.node.behaviour.quarantine = [2n]
    const spool = await openSpool(rig.directory)
    const sender = sendFrom(t, rig, spool)
    add(spool, 1, 4)
    await spool.settled()
    await drained(spool)
    assert.equal(sender.stats.refused, 1)
    await sender.stop()
    await spool.close()
  })

  test('posts shrink until they pass a proxy that takes less than the node', async (t) => {
    const rig = await enrolled(t)
    rig.node.behaviour.body_bytes_max = 400
    const spool = await openSpool(rig.directory)
    add(spool, 1, 6)
    await spool.settled()
    const sender = sendFrom(t, rig, spool)
    await drained(spool)
    assert.deepEqual(numbersAt(rig.node), range(1, 6))
    await sender.stop()
    await spool.close()
  })

  test('a full node is waited for, a revoked key stops sending; the spool is kept', async (t) => {
    const rig = await enrolled(t)
    rig.node.behaviour.refuse = { status: 503, code: 'node/full', retry_after: 0 }
    const spool = await openSpool(rig.directory)
    const sender = sendFrom(t, rig, spool)
    add(spool, 1, 2)
    await until(() => rig.node.posts > 1)
    rig.node.behaviour.refuse = { status: 403, code: 'sensor/revoked' }
    await until(() => sender.stats.state === 'revoked')
    assert.equal(spool.stats.spool_batches, 2)
    await sender.stop()
    await spool.close()
  })

  test('after a restart what was not acknowledged is sent, what was is not', async (t) => {
    const rig = await enrolled(t)
    const first = await openSpool(rig.directory)
    const sender = sendFrom(t, rig, first)
    add(first, 1, 4)
    await first.settled()
    await drained(first)
    await sender.stop()
    add(first, 5, 9)
    await first.close()
    const posts = rig.node.posts
    const second = await openSpool(rig.directory)
    assert.equal(second.stats.spool_batches, 5)
    const again = sendFrom(t, rig, second)
    await drained(second)
    assert.deepEqual(numbersAt(rig.node), range(1, 9))
    assert.equal(rig.node.posts, posts + 1)
    await again.stop()
    await second.close()
  })

  test('SIGKILL between append and send: numbers go on without hole or repetition', async (t) => {
    const rig = await enrolled(t)
    let sent = 0
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'spool-until-killed.fixture.ts'), rig.directory], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      for await (const chunk of child.stdout) {
        text += String(chunk)
        if (text.split('\n').length > 15) break
      }
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      const durable = Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1))
      const spool = await openSpool(rig.directory)
      assert.ok(Number(spool.last) >= durable)
      const sender = sendFrom(t, rig, spool)
      await drained(spool)
      sent = Number(spool.last)
      await sender.stop()
      await spool.close()
    }
    assert.deepEqual(numbersAt(rig.node), range(1, sent))
  })

  test('a spool over its bound drops the oldest and names them in a gap batch', async (t) => {
    const rig = await enrolled(t)
    await rig.node.close()
    const spool = await openSpool(rig.directory, { bounds: { spool_bytes_max: 20_000 } })
    add(spool, 1, 200)
    await spool.settled()
    const { gaps, gap_batches, spool_bytes } = spool.stats
    assert.ok(gaps > 0 && gap_batches > 50 && spool_bytes <= 20_000 + 2_500)
    await rig.node.listen()
    const sender = sendFrom(t, rig, spool)
    await drained(spool)
    const [gap, ...more] = rig.node.rows('gap')
    assert.equal(more.length, 0)
    assert.deepEqual([gap!.header.first, gap!.header.last], [1n, BigInt(gap_batches)])
    assert.deepEqual(numbersAt(rig.node), range(gap_batches + 1, 200))
    await sender.stop()
    await spool.close()
  })

  test('a node that was restored from backup gets again what it lost, and a gap for what is gone', async (t) => {
    const rig = await enrolled(t)
    const spool = await openSpool(rig.directory, { bounds: { spool_bytes_max: 40_000, acked_bytes_max: 10_000 } })
    const sender = sendFrom(t, rig, spool)
    const { epoch } = spool
    add(spool, 1, 20)
    await spool.settled()
    await drained(spool)
    rig.node.marks.set(epoch, 15n)
    for (const n of range(16, 20)) rig.node.taken.delete(`${epoch}/${n}`)
    add(spool, 21, 21)
    await spool.settled()
    await until(() => spool.acked === 21n)
    assert.deepEqual(numbersAt(rig.node), range(1, 21))
    assert.equal(sender.stats.rewinds, 1)
    for (let n = 22; n <= 300; n += 3) {
      add(spool, n, n + 2)
      await spool.settled()
      await drained(spool)
    }
    rig.node.marks.set(epoch, 0n)
    rig.node.taken.clear()
    add(spool, 301, 301)
    await spool.settled()
    await until(() => spool.acked >= 301n)
    const [gap] = rig.node.rows('gap')
    assert.equal(gap!.header.first, 1n)
    assert.deepEqual(numbersAt(rig.node).slice(0, -1), range(Number(gap!.header.last) + 1, 300).slice(0, numbersAt(rig.node).length - 1))
    await sender.stop()
    await spool.close()
  })

  test('a state directory restored from a copy begins a new epoch and loses nothing new', async (t) => {
    const rig = await enrolled(t)
    const run = async (first: number, last: number): Promise<void> => {
      const open = await openSpool(rig.directory)
      add(open, first, last)
      await open.settled()
      const sender = sendFrom(t, rig, open)
      await drained(open)
      await sender.stop()
      await open.close()
    }
    await run(1, 3)
    await cp(rig.directory, `${rig.directory}-copy`, { recursive: true })
    await run(4, 6)
    await rm(rig.directory, { recursive: true })
    await cp(`${rig.directory}-copy`, rig.directory, { recursive: true })
    const epochs = new Set(rig.node.batches().map((one) => one.header.epoch))
    const spool = await openSpool(rig.directory)
    const sender = sendFrom(t, rig, spool)
    add(spool, 7, 8)
    await spool.settled()
    await until(() => !epochs.has(spool.epoch) && spool.acked === spool.last)
    assert.deepEqual(numbersAt(rig.node).sort((a, b) => a - b), range(1, 8))
    assert.deepEqual(await readdir(join(rig.directory, 'spool')), [spool.epoch])
    await sender.stop()
    await spool.close()
  })

  test('what a restored copy had not sent, and the node has meanwhile, is not sent again under a new number', async (t) => {
    const rig = await enrolled(t)
    const first = await openSpool(rig.directory)
    add(first, 1, 3)
    await first.settled()
    await cp(rig.directory, `${rig.directory}-copy`, { recursive: true })
    add(first, 4, 6)
    await first.settled()
    const sending = sendFrom(t, rig, first)
    await drained(first)
    await sending.stop()
    await first.close()
    await rm(rig.directory, { recursive: true })
    await cp(`${rig.directory}-copy`, rig.directory, { recursive: true })
    // As the first heartbeat finds it; what is added now would pass for 4 to 10, also after a restart.
    const copy = await openSpool(rig.directory)
    await copy.noteOlderCopy()
    add(copy, 7, 9)
    await copy.settled()
    await copy.close()
    const again = await openSpool(rig.directory)
    add(again, 10, 13)
    await again.settled()
    const old = again.epoch
    const sender = sendFrom(t, rig, again)
    await until(() => again.epoch !== old && again.acked === again.last)
    assert.deepEqual(numbersAt(rig.node).sort((a, b) => a - b), range(1, 13))
    await sender.stop()
    await again.close()
  })

  test('letting go of spent segments while a new epoch is written keeps what the node has not', async (t) => {
    const rig = await enrolled(t)
    const before = await openSpool(rig.directory)
    add(before, 1, 40)
    await before.settled()
    const sending = sendFrom(t, rig, before)
    await drained(before)
    await sending.stop()
    await before.close()
    // Segments of a few batches, and nothing that is acknowledged may stay.
    const bounds = { spool_bytes_max: 16 * 1024, acked_bytes_max: 1 }
    const spool = await openSpool(rig.directory, { bounds })
    add(spool, 41, 70)
    await spool.settled()
    await spool.beginEpoch()
    const sender = sendFrom(t, rig, spool)
    await drained(spool)
    assert.deepEqual(numbersAt(rig.node).sort((a, b) => a - b), range(1, 70))
    await sender.stop()
    await spool.close()
  })

  test('a disk that is full for a while loses nothing that fits afterwards; a failed sync ends everything', async (t) => {
    const rig = await enrolled(t)
    const faults: Faults = {}
    const fatal: unknown[] = []
    const spool = await openSpool(rig.directory, {
      disk: faultyDisk(realDisk, faults), onFatal: (error) => fatal.push(error),
    })
    add(spool, 1, 3)
    await spool.settled()
    let refusals = 0
    faults.write = () => (++refusals <= 2 ? { bytes: 7, code: 'ENOSPC' } : undefined)
    add(spool, 4, 6)
    await spool.settled()
    assert.equal(spool.last, 6n)
    const sender = sendFrom(t, rig, spool)
    await drained(spool)
    assert.deepEqual(numbersAt(rig.node), range(1, 6))
    faults.datasync = () => 'EIO'
    add(spool, 7, 7)
    await assert.rejects(spool.settled())
    assert.ok(fatal.length > 0)
    assert.equal(spool.last, 6n)
    await sender.stop()
    await spool.close()
  })
})
