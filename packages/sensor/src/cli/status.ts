import { problems } from '@hirundo/base'
import { lockDirectory, realDisk } from '@hirundo/journal'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fingerprintOf, loadKey } from '../keys.ts'
import { readIfThere } from '../state-file.ts'
import { loadState } from '../state.ts'
import { complain, exit, print, refuse } from './io.ts'

const options = {
  state: { type: 'string', default: '/var/lib/hirundo-sensor' }, format: { type: 'string', default: 'text' },
} as const

/** `hirundo-sensor status`; the exit code. */
export async function status(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options })
  const state = await loadState(values.state)
  if (!state.ok) return refuse(state.problem, problems)
  const { sensor, name, simulated, node_url, node_public_key, epoch } = state.value
  const last = JSON.parse((await readIfThere(join(values.state, 'status.json'))) ?? '{}') as Record<string, unknown>
  const report: Record<string, unknown> = {
    sensor, name, simulated, running: await isRunning(values.state), node: node_url,
    fingerprint: (await loadKey(values.state))?.fingerprint,
    node_fingerprint: fingerprintOf(Buffer.from(node_public_key, 'base64')), epoch, ...last,
  }
  if (values.format === 'json') print(JSON.stringify(report))
  else for (const [key, value] of Object.entries(flat(report))) print(`${key.padEnd(18)} ${String(value)}`)
  return exit.done
}

const flat = (report: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { sender, answer, ...rest } = report
  return { ...rest, ...(sender as object | undefined), ...(answer as object | undefined) }
}

async function isRunning(directory: string): Promise<boolean> {
  const lock = await lockDirectory(directory, await realDisk.identity(directory))
  if (lock.ok) await lock.value.release()
  return !lock.ok
}

/** `hirundo-sensor fingerprint`; the exit code. */
export async function fingerprint(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { state: options.state } })
  const key = await loadKey(values.state)
  if (!key) {
    complain(`there is no key in ${values.state}: run hirundo-sensor enrol first`)
    return exit.usage
  }
  print(key.fingerprint)
  return exit.done
}
