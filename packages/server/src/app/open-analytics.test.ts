import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { examLayouts } from '@hirundo/analytics/exam-rows'
import { makeMetrics } from '../platform/metrics.ts'
import { removeDirectory, silent, temporaryDirectory } from '../platform/testing/postgres.ts'
import { readConfig } from './config.ts'
import { layouts, openAnalytics } from './open-analytics.ts'

test('the layouts that the stores’ exam and the cluster’s tables are made from are those of the wire', () => {
  assert.deepEqual(layouts, examLayouts)
})

/** Process id of the embedded ClickHouse that this process is starting. */
async function startingChild(): Promise<number> {
  for (;;) {
    for (const task of await readdir('/proc/self/task')) {
      for (const pid of (await readFile(`/proc/self/task/${task}/children`, 'utf8').catch(() => '')).split(' ').filter(Boolean)) {
        if ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes('embedded/child.ts')) return Number(pid)
      }
    }
    await sleep(5)
  }
}

test('ClickHouse is tried again when it is killed before it is ready', { timeout: 60_000, skip: process.platform === 'linux' ? false : 'finds the process in /proc' }, async () => {
  const directory = await temporaryDirectory()
  const config = readConfig({ flags: { data_dir: directory } })
  const opening = openAnalytics(config, directory, silent, makeMetrics())
  const first = await startingChild()
  process.kill(first, 'SIGKILL')
  const analytics = await opening
  await analytics.store.ping()
  assert.notEqual(analytics.pid(), first)
  await analytics.close()
  await removeDirectory(directory)
})
