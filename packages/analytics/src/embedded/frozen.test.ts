import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../client.ts'
import { StoreError } from '../store-error.ts'
import { startEmbedded, type EmbeddedEvent } from './embedded.ts'

async function temporary(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-frozen-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

const gone = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}

test('a child that is stopped is killed and started again; who asks meanwhile is told to try again', { timeout: 60_000 }, async (t) => {
  const directory = await temporary(t)
  const events: EmbeddedEvent[] = []
  const ready = Promise.withResolvers<void>()
  const embedded = await startEmbedded({ directory, silence_ms_max: 2_000, report: (event) => {
    events.push(event)
    if (event.kind === 'ready' && events.length > 1) ready.resolve()
  } })
  const address = { url: embedded.url, agent: embedded.agent }
  const [db, impatient] = [openDatabase(address), openDatabase({ ...address, query_seconds_max: 0.2, answer_grace_ms: 100 })]
  t.after(async () => {
    await Promise.all([db.close(), impatient.close()])
    await embedded.stop()
  })
  assert.deepEqual(await db.rows('SELECT 1 AS one'), [{ one: 1 }])
  const frozen = embedded.pid()!
  process.kill(frozen, 'SIGSTOP')
  await assert.rejects(impatient.rows('SELECT 1'), (error) => error instanceof StoreError && error.problem.code === 'node/unavailable' && error.problem.detail['reason'] === 'no answer in time')
  await ready.promise
  assert.deepEqual(events.map(({ kind }) => kind), ['ready', 'silent', 'ended', 'ready'])
  assert.ok(gone(frozen))
  assert.deepEqual(await db.rows('SELECT 1 AS one'), [{ one: 1 }])
})

test('long questions on every reader are not mistaken for silence', { timeout: 60_000 }, async (t) => {
  const directory = await temporary(t)
  const embedded = await startEmbedded({ directory, silence_ms_max: 1_200 })
  const db = openDatabase({ url: embedded.url, agent: embedded.agent })
  t.after(async () => {
    await db.close()
    await embedded.stop()
  })
  await Promise.all([1, 2, 3, 4].map((n) => db.rows(`SELECT sleep(2.5), ${n}`)))
  assert.equal(embedded.restarts(), 0)
})

test('a stopped child does not outlive stop(), nor a parent that just exits', { timeout: 60_000 }, async (t) => {
  const directory = await temporary(t)
  const embedded = await startEmbedded({ directory })
  const stopped = embedded.pid()!
  process.kill(stopped, 'SIGSTOP')
  await embedded.stop()
  assert.ok(gone(stopped))

  const parent = spawn(process.execPath, [fileURLToPath(new URL('../exam/orphan-parent.ts', import.meta.url)), directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  process.kill(Number(line.toString()), 'SIGSTOP')
  parent.stdin.end()
  await once(parent, 'exit')
  // Only one process can hold the directory.
  const next = await startEmbedded({ directory, lock_wait_ms_max: 5_000 })
  await next.stop()
})
