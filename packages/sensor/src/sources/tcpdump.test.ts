import { parseCidr, unwrap } from '@hirundo/base'
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { silentLog } from '../log.ts'
import { temporary } from '../rig.fixture.ts'
import { CaptureRefused, captureFilter, TcpdumpSource } from './tcpdump.ts'

/** A stand-in for tcpdump: a shell script that gets its arguments and does what the test says. */
async function standIn(t: TestContext, body: string): Promise<{ program: string; path: string }> {
  const path = await temporary(t)
  const program = join(path, 'tcpdump')
  await writeFile(program, `#!/bin/sh\necho "$@" >> ${path}/arguments\n${body}\n`, { mode: 0o755 })
  return { program, path }
}

const source = (program: string): TcpdumpSource =>
  new TcpdumpSource({ interface: 'sim0', destinations: [unwrap(parseCidr('192.0.2.0/24'))], own_peers: [{ address: '127.0.0.1', port: 8080 }], program, log: silentLog })

test('it captures headers without promiscuous mode and filters in the kernel', async (t) => {
  const { program, path } = await standIn(t, 'printf abc; exec sleep 60')
  const stop = new AbortController()
  for await (const stream of source(program).streams(stop.signal)) {
    for await (const chunk of stream.chunks) {
      assert.equal(Buffer.from(chunk).toString(), 'abc')
      stop.abort()
    }
  }
  assert.equal((await readFile(join(path, 'arguments'), 'utf8')).trim(),
    '-i sim0 -n -p -U -s 192 -w - (dst net 192.0.2.0/24) and not (src host 127.0.0.1 and tcp src port 8080)')
})

test('drops of the kernel add up over restarts', async (t) => {
  const { program } = await standIn(t, 'printf x; echo "7 packets dropped by kernel" >&2; echo "12 packets dropped by kernel" >&2; exit 0')
  const stop = new AbortController()
  const tcpdump = source(program)
  let lives = 0
  for await (const stream of tcpdump.streams(stop.signal)) {
    for await (const _ of stream.chunks) assert.equal(tcpdump.watching, true)
    assert.equal(tcpdump.watching, false)
    assert.equal(tcpdump.dropped, 12 * ++lives)
    if (lives === 2) stop.abort()
  }
  assert.equal(tcpdump.restarts, 1)
})

test('what waiting does not cure is refused in words that help', async (t) => {
  const permission = await standIn(t, 'echo "tcpdump: sim0: You don\'t have permission to perform this capture on that device" >&2; exit 1')
  const missing = await standIn(t, 'echo "tcpdump: sim0: No such device exists" >&2; exit 1')
  for (const [program, words] of [
    [permission.program, /setcap cap_net_raw/], [missing.program, /No such device/], ['/nonexistent/tcpdump', /not installed/],
  ] as const) {
    const streams = source(program).streams(new AbortController().signal)
    await assert.rejects(async () => {
      for await (const stream of streams) for await (const _ of stream.chunks) void _
    }, (error) => error instanceof CaptureRefused && words.test(error.message))
  }
})

test('a message of tcpdump shows no address', async (t) => {
  const { program } = await standIn(t, 'echo "tcpdump: syntax error in dst net 192.0.2.0/24 or dst net 2001:db8::/32" >&2; exit 1')
  await assert.rejects(async () => {
    for await (const stream of source(program).streams(new AbortController().signal)) for await (const _ of stream.chunks) void _
  }, (error) => error instanceof Error && error.message === 'tcpdump: syntax error in dst net [address] or dst net [address]')
})

test('a filter only for what fits', () => {
  assert.equal(captureFilter([], []), undefined)
  assert.equal(captureFilter([unwrap(parseCidr('2001:db8::/32'))], []), '(dst net 2001:db8::/32)')
  const peers = [{ address: '192.0.2.9', port: 443 }, { address: '2001:db8::9', port: 443 }]
  assert.equal(captureFilter(Array.from({ length: 65 }, () => unwrap(parseCidr('192.0.2.0/24'))), peers),
    'not (src host 192.0.2.9 and tcp src port 443) and not (src host 2001:db8::9 and tcp src port 443)')
})
