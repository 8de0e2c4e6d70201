import { problems, realWorld } from '@hirundo/base'
import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startSensor, type RunningSensor } from '../agent.ts'
import { recordPermission } from '../answer/permission.ts'
import { stderrLog, type Log } from '../log.ts'
import { FollowSource } from '../sources/follow.ts'
import { fileSource } from '../sources/files.ts'
import { idleSource, type Source } from '../sources/source.ts'
import { CaptureRefused, TcpdumpSource, type OwnPeer } from '../sources/tcpdump.ts'
import { loadState } from '../state.ts'
import { complain, exit, print, refuse } from './io.ts'
import { runSettings, type RunSettings } from './settings.ts'

const options = {
  state: { type: 'string' }, node: { type: 'string' }, interface: { type: 'string' }, read: { type: 'string', multiple: true },
  follow: { type: 'string' }, tcpdump: { type: 'string' }, ca: { type: 'string' }, dst: { type: 'string', multiple: true },
  'answer': { type: 'string' }, 'answer-udp-permission': { type: 'string' }, 'answer-address': { type: 'string' },
  'answer-port-offset': { type: 'string' }, 'answer-redirect-port': { type: 'string' },
  'drain-seconds': { type: 'string' }, config: { type: 'string' }, set: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const

/** `hirundo-sensor run`; the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const settings = runSettings(givenSettings(args), process.env)
  if (!settings.ok) return refuse(settings.problem, problems)
  const log = stderrLog(settings.value.json, realWorld.now)
  const source = await sourceOf(settings.value, log)
  const { state, node, ca, destinations, bounds, follow, answer } = settings.value
  if (answer && (await loadState(state)).ok) await recordPermission(state, answer.udp_permission, realWorld.now(), log)
  const started = await startSensor({
    state_directory: state, source, destinations, bounds, log, resumable: follow !== undefined,
    ...(node === undefined ? {} : { node_url: node }), ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }),
    ...(answer === undefined ? {} : { answer }),
    onFatal: (error) => {
      complain(`stopped at once, because the disk can no longer be trusted: ${error instanceof Error ? error.message : String(error)}`)
      process.exit(exit.incomplete)
    },
  }, realWorld)
  if (!started.ok) return refuse(started.problem, problems)
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  return settings.value.read ? once(started.value, settings.value, interrupted, log) : watch(started.value, interrupted, log)
}

function givenSettings(args: readonly string[]): Record<string, string> {
  const { values } = parseArgs({ args: [...args], options })
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) {
    if (name !== 'set') given[name.replaceAll('-', '_')] = Array.isArray(value) ? value.join(',') : String(value)
  }
  for (const one of values.set ?? []) {
    const [name = '', value = ''] = one.split('=')
    given[name] = value
  }
  return given
}

async function sourceOf(settings: RunSettings, log: Log): Promise<Source> {
  if (settings.read) return fileSource(settings.read)
  if (settings.follow !== undefined) return new FollowSource(settings.follow)
  if (settings.interface === undefined) return idleSource
  return new TcpdumpSource({
    interface: settings.interface, destinations: settings.destinations, log, own_peers: await nodePeers(settings),
    ...(settings.tcpdump === undefined ? {} : { program: settings.tcpdump }),
  })
}

/** The node's replies come to this machine too and are no observation. */
async function nodePeers(settings: RunSettings): Promise<OwnPeer[]> {
  const state = await loadState(settings.state)
  const url = settings.node ?? (state.ok ? state.value.node_url : undefined)
  if (url === undefined) return []
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => ({ address, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }))
}

async function watch(sensor: RunningSensor, interrupted: Promise<void>, log: Log): Promise<number> {
  try {
    log.info('watching')
    await Promise.race([sensor.read, interrupted])
    await sensor.stop()
    return exit.done
  } catch (error) {
    if (!(error instanceof CaptureRefused)) throw error
    complain(error.message)
    await sensor.stop()
    return exit.usage
  }
}

async function once(sensor: RunningSensor, settings: RunSettings, interrupted: Promise<void>, log: Log): Promise<number> {
  const drained = sensor.read.then(() => sensor.drain(settings.drain_seconds * 1000))
  const whole = await Promise.race([drained, interrupted.then(() => false)])
  const { sender, ...stats } = sensor.stats()
  await sensor.stop()
  print(JSON.stringify({ ...stats, ...sender, all_acknowledged: whole }))
  if (sender.state === 'revoked') return exit.revoked
  // Whoever reads the files again, because this run failed, doubles them unseen.
  if (!whole) log.warn('the node did not acknowledge everything; the rest waits in the spool and any later run sends it, also one with --read /dev/null; reading these files again would count them twice')
  return whole && stats.unreadable === 0 ? exit.done : exit.incomplete
}
