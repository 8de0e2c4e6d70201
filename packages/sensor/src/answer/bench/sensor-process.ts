// A sensor in a process of its own on one core, and what it took.
import { realWorld, unwrap } from '@hirundo/base'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { enrol } from '../../enrol.ts'
import { FakeNode } from '../../fake-node.fixture.ts'

const program = join(import.meta.dirname, '../../../bin/hirundo-sensor.mjs')
const CORE = '0'
const TICKS_PER_S = 100

export interface Usage {
  readonly rss_peak_mib: number
  readonly cpu_s: number
}

export interface BenchSensor {
  /** Peak memory and processor time so far. */
  usage(): Promise<Usage>
  /** Ends it; what it counted. */
  end(): Promise<{ readonly usage: Usage; readonly answer: Readonly<Record<string, number>> }>
}

/** Starts `hirundo-sensor run --answer` on one core, with ports at `offset` above those of the profile; its node takes everything. */
export async function startBenchSensor(profile: object, offset: number): Promise<BenchSensor> {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-answer-bench-'))
  const state = join(directory, 'state')
  const node = new FakeNode()
  await node.listen()
  unwrap(await enrol({ state_directory: state, node_url: node.url, token: node.token, name: 'bench', simulated: true, addresses: 1 }, realWorld))
  await node.close()
  const file = join(directory, 'profile.json')
  await writeFile(file, JSON.stringify(profile))
  const child = spawn('taskset', ['-c', CORE, process.execPath, program, 'run', '--state', state, '--answer', file, '--answer-address', '0.0.0.0', '--answer-port-offset', String(offset),
    '--answer-udp-permission', 'bench, 2026-01-01'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  while (!said.includes('watching')) {
    if (child.exitCode !== null) throw new Error(said)
    await sleep(20)
  }
  const usage = () => usageOf(child)
  return {
    usage,
    end: async () => {
      const last = await usage()
      child.kill('SIGTERM')
      await once(child, 'exit')
      const { answer } = JSON.parse(await readFile(join(state, 'status.json'), 'utf8')) as { answer: Record<string, number> }
      await rm(directory, { recursive: true, force: true })
      return { usage: last, answer }
    },
  }
}

async function usageOf({ pid }: ChildProcess): Promise<Usage> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  return { rss_peak_mib: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024), cpu_s: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S }
}
