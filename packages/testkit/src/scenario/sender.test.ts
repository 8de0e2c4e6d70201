import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DAY_S, realWorld } from '@hirundo/base'
import { listSensors } from '@hirundo/contract'
import { queryablePackets, readStatus, waitProjected } from '../constellation/balance.ts'
import { answerOf, startNodeProcess } from '../constellation/node-process.ts'
import { Scenario } from './scenario.ts'
import { ScenarioSender } from './sender.ts'

/** A node keeps single rows of the last months only. */
const start_s = (Math.floor(realWorld.now() / 1000 / DAY_S) - 2) * DAY_S
const options = { start_s, seed: 4, days: 1, warm_up_days: 0, sensors: [[8, 1], [2, 4]], harmless: [] } as const

test('a node has every packet and interaction of a scenario once, however often it is sent, and says that it is simulated', { timeout: 180_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-scenario-'))
  await chmod(directory, 0o711)
  const node = await startNodeProcess({ data_dir: join(directory, 'node'), port: 0, env: { HIRUNDO_LOG_LEVEL: 'warn' } })
  try {
    let packets = 0
    let heard = 0
    for (let time = 0; time < 2; time++) {
      const scenario = new Scenario(options)
      const senders: ScenarioSender[] = []
      for (const sensor of scenario.sensors) senders.push(await ScenarioSender.register(node.client, sensor, 'test'))
      heard = 0
      for (let minute = 0; minute < 90; minute++) {
        scenario.step((kind, sensor, rows, body) => {
          if (kind === 6) heard += rows
          senders[sensor]!.add(kind, rows, body)
        })
        if (minute === 45) for (const sender of senders) await sender.drain(true)
      }
      for (const sender of senders) await sender.drain(true)
      packets = scenario.packets
    }
    assert.ok(await waitProjected(node.client, 60_000))
    assert.equal(await queryablePackets(node.client, { from_s: start_s, to_s: start_s + DAY_S }, []), packets)
    assert.ok(heard > 0)
    assert.equal((await readStatus(node.client)).interactions, heard)
    const { sensors } = answerOf(await node.client.call(listSensors, {}))
    assert.ok(sensors.length === 10 && sensors.every(({ simulated }) => simulated))
  } finally {
    await node.child.stop(30_000)
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
})
