import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Child } from '../process/child.ts'
import { jsonLine } from '../process/programs.ts'
import { descendants, isAlive } from '../process/tree.ts'
import { writePcapFile } from '../traffic/pcap-file.ts'
import { readArguments } from './arguments.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const START_MS = 120_000
let directory: string

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'hirundo-demo-test-'))
  // As root the database runs under another account, which must reach its files.
  chmodSync(directory, 0o711)
})
after(() => rmSync(directory, { recursive: true, force: true }))

/** The demo with its temporary files under our own eyes. */
const demo = (...args: string[]): Child => new Child({ name: 'demo', command: process.execPath, args: [main, ...args], env: { TMPDIR: directory } })

describe('demo', () => {
  it('finds every packet and interaction of live traffic again, and leaves no process and no file', async () => {
    const child = demo('--headless', '--for', '3', '--rate', '3000', '--interactions', '2000')
    const said: string[] = []
    let heard: RegExpExecArray | null = null
    child.onLine((line, from) => (from === 'stdout' ? said.push(line) : (heard ??= /^(\d+) interactions sent, (\d+) stored$/.exec(line))))
    const balance = await child.waitForLine(jsonLine, START_MS)
    const { code } = await child.exited
    assert.equal(code, 0, child.tail)
    assert.ok((balance['sent'] as number) > 3000)
    assert.equal(balance['stored'], balance['sent'])
    assert.equal(balance['queryable'], balance['sent'])
    const [, sent = '0', stored] = heard ?? []
    assert.ok(Number(sent) > 50, child.tail)
    assert.equal(stored, sent)
    assert.equal(said.at(-1), JSON.stringify(balance))
    assert.deepEqual(readdirSync(directory), [])
  })

  it('plays a capture: only packets to --dst, and all of them', async () => {
    const path = join(directory, 'capture.pcap')
    const { tally } = writePcapFile(path, { seed: 5, start_s: Date.UTC(2026, 0, 1) / 1000, minutes: 3, packets: 5_000, destinations: ['192.0.2.0/25'], noise: 0.05 })
    const child = demo('--headless', '--pcap', path, '--dst', '192.0.2.0/25', '--shift-to-now')
    const balance = await child.waitForLine(jsonLine, START_MS)
    const { code } = await child.exited
    rmSync(path)
    assert.deepEqual(balance, { sent: tally.counted, stored: tally.counted, queryable: tally.counted }, child.tail)
    assert.equal(code, 0)
  })

  it('ends everything on Ctrl-C', { skip: process.platform !== 'linux' }, async () => {
    const child = demo('--backfill-hours', '1')
    await child.waitForLine((line) => (line.includes('SIMULATED') ? line : undefined), START_MS)
    const all = descendants(child.pid)
    assert.ok(all.some(({ command }) => command.includes('postgres')), 'stores run below the demo')
    child.kill('SIGINT')
    const { code } = await child.exited
    assert.equal(code, 0, child.tail)
    for (let i = 0; i < 100 && all.some(isAlive); i++) await sleep(20)
    assert.deepEqual(all.filter(isAlive), [])
    assert.deepEqual(readdirSync(directory), [])
  })
})

describe('arguments of the demo', () => {
  it('are refused with their name when they make no sense', () => {
    assert.throws(() => readArguments(['--for', 'ever']), /--for must be a number/)
    assert.throws(() => readArguments(['--port', '70000']), /--port must be/)
    assert.throws(() => readArguments(['--dst', '192.0.2.0/24']), /belong to --pcap/)
    assert.throws(() => readArguments(['now']), /"now" is no option/)
  })

  it('take several captures and networks', () => {
    const args = readArguments(['--pcap', 'a', 'b', '--dst', '192.0.2.0/24, 2001:db8::/32'])
    assert.ok(args !== 'help')
    assert.deepEqual(args.pcap, ['a', 'b'])
    assert.deepEqual(args.destinations, ['192.0.2.0/24', '2001:db8::/32'])
  })
})
