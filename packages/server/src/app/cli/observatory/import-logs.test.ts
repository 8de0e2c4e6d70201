import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { DAY_S, formatSeconds } from '@hirundo/base'
import { addDecoy, heardSeries, topAnswer } from '@hirundo/contract'
import { RealNode, testDirectory, until, value } from '../../../modules/observatory/testing/real-node.ts'
import { run } from '../run.ts'

const shim = fileURLToPath(new URL('../../../../bin/hirundo.mjs', import.meta.url))
const sample = (name: string): string => fileURLToPath(new URL(`../../../../../../conformance/logs/${name}`, import.meta.url))
/** Yesterday: samples are of a day that will be older than what is kept. */
const DAY = formatSeconds(Math.floor(Date.now() / 1000) - DAY_S).slice(0, 10)
const day = { from: `${DAY}T00:00:00Z`, to: formatSeconds(Date.parse(DAY) / 1000 + DAY_S) }

const real = new RealNode()
let directory: Awaited<ReturnType<typeof testDirectory>>
before(async () => {
  directory = await testDirectory()
  await real.start(join(directory.path, 'node'))
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const environment = () => ({ HIRUNDO_URL: real.node.url, HIRUNDO_TOKEN: real.token })

/** A sample as if it were of yesterday. */
async function dated(name: string): Promise<string> {
  const path = join(directory.path, name)
  await writeFile(path, (await readFile(sample(name), 'utf8')).replaceAll('2026-11-01', DAY))
  return path
}

async function imported(...args: readonly string[]) {
  let out = ''
  let notes = ''
  const cli = {
    environment: environment(),
    note: (text: string) => {
      notes += text
    },
    out: (text: string) => {
      out += text
    },
  }
  process.exitCode = undefined
  const code = await run(cli, ['import', ...args])
  const exit_code = process.exitCode
  process.exitCode = undefined
  return { code: code || exit_code || 0, notes, result: JSON.parse(out.trimEnd().split('\n').at(-1)!) as Record<string, unknown> }
}

async function heard(sensor: string): Promise<number> {
  const { data } = await value(real.client().call(heardSeries, { query: { ...day, step: 86_400, sensor: [sensor] } }))
  return data.points.reduce((sum, point) => sum + point.none + point.completed + point.dialogue, 0)
}

test('a log of cowrie becomes interactions; a bad line is named, and a second time adds nothing', async () => {
  const args = ['--kind', 'cowrie', '--sensor', 'cowrie-1', await dated('cowrie.json')]
  const first = await imported(...args)
  assert.deepEqual([first.code, first.result], [0, {
    files: 1, lines: 13, events: 12, interactions: 2, flows: 0, bad_lines: 1, own_decoy: 0, not_for_us: 0, skipped: 0,
    first: `${DAY}T10:00:00.100Z`, last: `${DAY}T10:00:01.500Z`, added: 2,
  }])
  assert.match(first.notes, /"line":12/)
  assert.equal(await heard('cowrie-1'), 2)
  assert.deepEqual((await imported(...args)).result, { ...first.result, added: 0 })
  assert.equal(await heard('cowrie-1'), 2)
})

test('the log of a kernel becomes flows, packed as captures may be; packets are stored once', async () => {
  const [gzip, zstd] = [join(directory.path, 'kern.log.gz'), join(directory.path, 'kern.log.zst')]
  const packet = (second: number, rest: string): string => `${DAY}T10:00:0${second}Z gate kernel: IN=eth0 OUT= SRC=198.51.100.23 ${rest}`
  const text = [
    packet(1, 'DST=192.0.2.10 LEN=40 TTL=241 ID=54321 PROTO=TCP SPT=41022 DPT=23 WINDOW=65535 RES=0x00 SYN URGP=0'), packet(2, 'DST=192.0.2.10 LEN=29 PROTO=UDP SPT=5 DPT=53 LEN=9'),
    packet(3, 'DST=192.0.2.99 LEN=40 PROTO=TCP SPT=41023 DPT=23 SYN'), packet(4, 'DST=203.0.113.1 LEN=40 PROTO=TCP SPT=1 DPT=2 SYN'), packet(5, 'DST=nowhere PROTO=TCP'),
  ].join('\n')
  await writeFile(gzip, gzipSync(text))
  await writeFile(zstd, zstdCompressSync(text))
  const args = ['--kind', 'kernel', '--sensor', 'gate', '--dst', '192.0.2.0/24']
  const [first, again, other] = [await imported(...args, gzip), await imported(...args, gzip), await imported(...args, '--sensor', 'gate-2', zstd)]
  for (const { code, result } of [first, again, other]) {
    assert.deepEqual([code, result['flows'], result['events'], result['not_for_us'], result['bad_lines']], [0, 2, 3, 1, 1])
  }
  const { data } = await value(real.client().call(topAnswer, { params: { dimension: 'sensors' }, query: { ...day, sensor: ['gate'] } }))
  assert.deepEqual(data.map(({ packets }) => packets), [3])
})

test('what our own decoys sent is left out, and counted', async () => {
  await value(real.client().call(addDecoy, { body: { network: '203.0.113.0/24', note: 'ours' } }))
  const { result } = await imported('--kind', 'dionaea', '--sensor', 'dionaea-1', await dated('dionaea.json'))
  assert.deepEqual([result['interactions'], result['own_decoy'], result['bad_lines']], [1, 4, 1])
  assert.equal(await heard('dionaea-1'), 1)
})

test('a log of another kind is told, and so is a file that is not there', async () => {
  const wrong = await imported('--kind', 'eve', '--sensor', 'ids-0', sample('nfdump-1.6.csv'))
  assert.equal(wrong.code, 1)
  assert.match(wrong.notes, /is it really a log of kind eve/)
  assert.equal((await imported('--kind', 'eve', '--sensor', 'ids-0', join(directory.path, 'none'))).code, 1)
  const silent = await imported('--kind', 'kernel', '--sensor', 'gate-0', sample('cowrie.json'))
  assert.equal(silent.code, 0)
  assert.match(silent.notes, /is it really a log of kind kernel/)
})

test('killed in the middle and begun again it ends with the same sums', { timeout: 120_000 }, async () => {
  const path = join(directory.path, 'eve.json')
  const line = (n: number): string => JSON.stringify({
    timestamp: `${DAY}T12:00:00.000000+0000`, flow_id: n, event_type: 'flow', src_ip: `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`, src_port: 1024 + (n % 60_000),
    dest_ip: '192.0.2.10', dest_port: n % 1000, proto: 'TCP', flow: { pkts_toserver: 1, pkts_toclient: 0, bytes_toserver: 60, bytes_toclient: 0, start: `${DAY}T12:00:00.000000+0000` },
  })
  const FLOWS = 80_000
  await writeFile(path, Array.from({ length: FLOWS }, (_, n) => line(n)).join('\n'))
  const args = ['--kind', 'eve', '--sensor', 'ids-1', path]
  const { appended: start } = await real.status()
  for (const steps of [1, 2]) {
    const child = spawn(process.execPath, [shim, 'import', ...args], { env: { ...process.env, ...environment() }, stdio: 'ignore' })
    const ended = once(child, 'exit')
    await until(async () => BigInt((await real.status()).appended ?? 0) >= BigInt(start ?? 0) + BigInt(steps) || child.exitCode !== null, 'a batch')
    child.kill('SIGKILL')
    assert.deepEqual(await ended, [null, 'SIGKILL'])
  }
  const { code, result } = await imported(...args)
  assert.deepEqual([code, result['lines'], result['interactions']], [0, FLOWS, FLOWS])
  assert.equal(await heard('ids-1'), FLOWS)
})
