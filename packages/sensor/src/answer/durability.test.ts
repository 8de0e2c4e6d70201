import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { enrolled, until } from '../rig.fixture.ts'
import { interactionsAt, startAnswering } from './rig.fixture.ts'

test('SIGKILL at any moment: what the node has acknowledged stays, and nothing comes twice', { timeout: 60_000 }, async (t) => {
  const rig = await enrolled(t)
  const names = (): string[] => interactionsAt(rig.node).map((one) => Buffer.from(one.sample).toString())
  let sent = 0
  for (let life = 0; life < 3; life++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'answer-until-killed.fixture.ts'), rig.directory], { stdio: ['ignore', 'pipe', 'inherit'] })
    t.after(() => child.kill('SIGKILL'))
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const before = names().length
    const knock = (): void => {
      const socket = connect(Number(line), '127.0.0.1').on('error', () => undefined)
      socket.end(`session ${sent++}`)
    }
    while (names().length < before + 20) {
      knock()
      await sleep(1)
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const acknowledged = names()
  const { sensor } = await startAnswering(rig, { tcp: { 9999: 'any' } })
  await until(() => sensor.stats().batches === sensor.stats().acked)
  await sensor.stop()
  assert.deepEqual(names().slice(0, acknowledged.length), acknowledged)
  assert.equal(new Set(names()).size, names().length)
  assert.ok(names().length >= 60 && names().length <= sent)
})
