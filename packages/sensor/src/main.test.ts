import { realWorld } from '@hirundo/base'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { version } from './version.ts'
import { enrolled, minutesAt, pcapHeader, synAt, until } from './rig.fixture.ts'

const shim = join(import.meta.dirname, '../bin/hirundo-sensor.mjs')

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(...args: string[]) {
  const child = spawn(process.execPath, [shim, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const ended: Promise<Ended> = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return { child, ended }
}

describe('the command', { timeout: 60_000 }, () => {
  test('reads a file, sends it, and says so in one line', async (t) => {
    const { node, directory } = await enrolled(t)
    const path = join(directory, '..', 'one.pcap')
    await writeFile(path, Buffer.concat([pcapHeader(), synAt(1_767_225_600), synAt(1_767_225_601)]))
    const { code, stdout } = await start('run', '--state', directory, '--read', path, '--dst', '192.0.2.0/24').ended
    assert.equal(code, 0)
    const summary = JSON.parse(stdout.trim()) as Record<string, unknown>
    assert.deepEqual([summary['packets'], summary['counted'], summary['all_acknowledged']], [2, 2, true])
    assert.equal(minutesAt(node)[0]!.packets, 2)
    node.behaviour.refuse = { status: 403, code: 'sensor/revoked' }
    assert.equal((await start('run', '--state', directory, '--read', path).ended).code, 3)
    await node.close()
    const cut = await start('run', '--state', directory, '--read', path, '--drain-seconds', '0').ended
    assert.equal(cut.code, 1)
    assert.match(cut.stderr, /reading these files again would count them twice/)
    const status = await start('status', '--state', directory, '--format', 'json').ended
    const { running, spool_batches } = JSON.parse(status.stdout) as Record<string, unknown>
    assert.equal(running, false)
    assert.ok(Number(spool_batches) > 0)
    const fingerprint = await start('fingerprint', '--state', directory).ended
    assert.match(fingerprint.stdout, /^[a-z2-7]{4}(-[a-z2-7]{4}){4}\n$/)
  })

  test('a live run ends on a signal with everything seen on disk and exit code 0', async (t) => {
    const { node, directory } = await enrolled(t)
    const program = join(directory, '..', 'tcpdump')
    const capture = join(directory, '..', 'live.pcap')
    await writeFile(capture, Buffer.concat([pcapHeader(), synAt(Math.floor(realWorld.now() / 1000))]))
    await writeFile(program, `#!/bin/sh\ncat ${capture}\nexec sleep 60\n`, { mode: 0o755 })
    const { child, ended } = start('run', '--state', directory, '--interface', 'sim0', '--tcpdump', program, '--set', 'heartbeat_ms=1000')
    await until(() => node.heartbeats.some((one) => one['packets_seen'] === 1))
    child.kill('SIGTERM')
    const { code, stderr } = await ended
    assert.equal(code, 0, stderr)
    await start('run', '--state', directory, '--read', '/dev/null').ended
    assert.equal(minutesAt(node).reduce((sum, row) => sum + row.counted, 0), 1)
  })

  test('its version is that of its package', async () => {
    const { default: about } = await import('../package.json', { with: { type: 'json' } }) as { default: { version: string } }
    assert.equal(version, about.version)
  })
})

