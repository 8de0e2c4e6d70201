import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bounds } from '../model.ts'
import { startKit, type BulletinKit } from '../testing/kit.ts'

let kit: BulletinKit
before(async () => {
  kit = await startKit()
})
after(() => kit.stop())
let child: ChildProcess | undefined
beforeEach(() => kit.clear())
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) await killed()
})

function sender(): ChildProcess {
  const where = { postgres: kit.postgres.embedded.connection, smtp_port: kit.smtp.port, now_ms: kit.now_ms }
  child = spawn(process.execPath, [fileURLToPath(new URL('../testing/send-until-killed.fixture.ts', import.meta.url)), JSON.stringify(where)], { stdio: ['ignore', 'ignore', 'inherit'] })
  return child
}

async function killed(): Promise<void> {
  child!.kill('SIGKILL')
  await once(child!, 'exit')
}

describe('a process that is killed by SIGKILL', () => {
  it('while the server has the whole mail and has not answered: nobody knows, and nothing is sent again', async () => {
    await kit.subscribe()
    await kit.findNew()
    const received = new Promise<void>((resolve) => {
      kit.smtp.accept = async () => {
        resolve()
        await killed()
      }
    })
    sender()
    await received
    while (child!.signalCode === null) await new Promise((resolve) => setTimeout(resolve, 10))
    kit.smtp.accept = () => undefined
    // The server took it: the answer had nobody to go to.
    assert.equal((await kit.messages())[0]!.state, 'sending')
    for (const ms of [bounds.lease_ms, 3_600_000, 86_400_000]) {
      kit.now_ms += ms
      await kit.work()
    }
    assert.deepEqual([await kit.states(), kit.smtp.mails.length <= 1], [{ unknown: 1 }, true])
  })

  it('before the server let it begin: the next process sends it', async () => {
    await kit.subscribe()
    await kit.findNew()
    // A server that is there and says nothing: the process waits for its greeting with the message claimed.
    const silentServer = createServer((socket) => void socket.on('error', () => undefined))
    await new Promise<void>((resolve) => silentServer.listen(0, '127.0.0.1', resolve))
    const { port } = silentServer.address() as { port: number }
    const real = kit.smtp.port
    kit.smtp.port = port
    sender()
    kit.smtp.port = real
    while ((await kit.messages())[0]?.state !== 'sending') await new Promise((resolve) => setTimeout(resolve, 20))
    await killed()
    silentServer.close()
    kit.now_ms += bounds.lease_ms
    await kit.work()
    assert.deepEqual([await kit.states(), kit.smtp.mails.length], [{ sent: 1 }, 1])
  })
})
