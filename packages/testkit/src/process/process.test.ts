import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Child } from './child.ts'
import { jsonLine } from './programs.ts'
import { descendants, isAlive, memoryOfTree } from './tree.ts'

const isLinux = process.platform === 'linux'
const script = (text: string) => ({ name: 'child', command: process.execPath, args: ['-e', text] })
/** A child with a grandchild that ignores SIGTERM, both speaking when they are ready. */
const family = `
  const { spawn } = require('node:child_process')
  const below = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1e6)"], { stdio: ['ignore', 'pipe', 'inherit'] })
  below.stdout.once('data', () => console.log(JSON.stringify({ below: below.pid })))
`

describe('child processes', () => {
  it('are found below their parent and leave nobody behind when stopped', { skip: !isLinux }, async () => {
    const child = new Child(script(family))
    const { below } = (await child.waitForLine(jsonLine, 20_000)) as { below: number }
    const rows = descendants(process.pid)
    const grandchild = rows.find((row) => row.pid === below)
    assert.ok(grandchild)
    assert.equal(grandchild.parent, child.pid)
    assert.ok(memoryOfTree(child.pid).rss_bytes > 20e6)
    const exit = await child.stop(5_000)
    assert.equal(exit.signal, 'SIGTERM')
    while (isAlive(grandchild)) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('that end too early say what they wrote last', async () => {
    const child = new Child(script("console.error('no such port'); process.exit(3)"))
    await assert.rejects(child.waitForLine(jsonLine, 20_000), /exit 3[^]*no such port/)
  })

  it('that cannot be started are an error, not a hang', async () => {
    const child = new Child({ name: 'ghost', command: '/nonexistent/program', args: [] })
    await assert.rejects(child.waitForLine(jsonLine, 20_000), /ghost ended/)
  })
})
