import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { realWorld } from '@hirundo/base'
import { isExact, runCampaign } from './campaign.ts'
import { reversed } from './chaos-proxy.ts'

const DAY_S = 86_400

describe('faults', () => {
  it('lose no packet and no interaction and double none: ten kills, a bad network and, as root, a full disk', { skip: process.platform !== 'linux' }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hirundo-faults-test-'))
    chmodSync(directory, 0o711)
    const told: string[] = []
    const result = await runCampaign({
      directory, seed: 11, kills: 10, sensors: 2, minute_ms: 40, full_disk: true, disk_bytes: 2 * 2 ** 30,
      start_s: Math.floor(realWorld.now() / 1000 / DAY_S) * DAY_S - 10 * DAY_S,
    }, (text) => told.push(text))
    assert.deepEqual({ spool: result.spool, answers: result.answers }, {
      spool: { lost: 0, doubled: 0, where: [] }, answers: { lost: 0, doubled: 0, where: [] },
    }, told.join('\n'))
    assert.equal(isExact(result), true)
    assert.ok(result.packets_sent > 10_000 && result.interactions_sent > 100, 'there was load')
    assert.equal(Object.values(result.by_process).reduce((sum, count) => sum + count, 0), 10)
    const { passed: _, ...mistreated } = result.network
    assert.ok(Object.values(mistreated).reduce((sum, count) => sum + count, 0) > 0, 'the network was bad')
  })
})

describe('the bad network', () => {
  it('turns the order of framed batches round, twice is as before', () => {
    const frame = (text: string) => Buffer.concat([Buffer.from([text.length, 0, 0, 0]), Buffer.from(text)])
    const body = Buffer.concat(['one', 'three', 'five!'].map(frame))
    assert.deepEqual(reversed(body), Buffer.concat(['five!', 'three', 'one'].map(frame)))
    assert.deepEqual(reversed(reversed(body)), body)
  })
})
