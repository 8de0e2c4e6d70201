import { setTimeout as sleep } from 'node:timers/promises'
import { listAudit, listSettings, nodeStatus, putSetting, type NodeStatus } from '@hirundo/contract'
import type { Command } from 'commander'
import { readRunning, tryLock } from '../../platform/data-directory.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { common, connect, dataDirOf, integer, print, table, take, type Cli, type CommonOptions } from './frame.ts'

const STOPPED_WITHIN_MS = 30_000

function statusText(status: NodeStatus): string {
  const { sensors } = status
  const lines = [
    `${status.ready ? 'ready' : 'NOT READY'}, version ${status.version}, since ${status.started_at} (${status.uptime_s} s)`,
    `node key ${status.fingerprint}`,
    `sensors: ${sensors.live} of ${sensors.approved} approved report, ${sensors.pending} wait for approval`,
    ...(sensors.simulated > 0 ? [`simulated: ${sensors.simulated} sensors send made-up traffic`] : []),
    ...(sensors.interactions > 0 ? [`interactions: ${sensors.interactions} stored`] : []),
    ...status.checks.map(({ name, ok, detail }) => `${ok ? 'ok    ' : 'FAILED'}  ${name}: ${detail}`),
  ]
  return lines.join('\n')
}

/** Whether a node holds the directory's lock; false also when there is no such directory. */
function runs(data_dir: string): boolean {
  try {
    const lock = tryLock(data_dir)
    lock?.release()
    return lock === undefined
  } catch {
    return false
  }
}

async function stopNode(data_dir: string): Promise<boolean> {
  if (!runs(data_dir)) return false
  const running = await readRunning(data_dir)
  if (!running) throw new OperatorError(`A node is just starting on ${data_dir}.`, 'Try again in a moment.')
  process.kill(running.pid, 'SIGTERM')
  for (let waited = 0; waited < STOPPED_WITHIN_MS; waited += 50) {
    if (!runs(data_dir)) return true
    await sleep(50)
  }
  throw new OperatorError(`The node (process ${running.pid}) has not stopped within ${STOPPED_WITHIN_MS / 1000} s.`, 'Look into its log; "kill -9" is safe: the next start continues from what is on disk.')
}

function settingsCommand(program: Command, cli: Cli): void {
  const settings = program.command('settings').description('see and change what a running node lets you change')
  common(settings.command('list').description('all settings')).action(async (options: CommonOptions) => {
    const answer = take(await (await connect(cli, options)).call(listSettings, {}))
    print(cli, options, answer.settings, (rows) => table(rows, [
      { title: 'KEY', value: (row) => row.key }, { title: 'VALUE', value: (row) => JSON.stringify(row.value) },
      { title: 'DEFAULT', value: (row) => JSON.stringify(row.default) }, { title: '', value: (row) => row.summary },
    ]))
  })
  common(settings.command('set').description('change one; VALUE is JSON').argument('<KEY>').argument('<VALUE>'))
    .action(async (key: string, text: string, options: CommonOptions) => {
      let value: unknown = text
      try {
        value = JSON.parse(text)
      } catch {
        // A bare word is itself.
      }
      const answer = take(await (await connect(cli, options)).call(putSetting, { params: { key }, body: { value } }))
      print(cli, options, answer, (row) => `${row.key} is now ${JSON.stringify(row.value)}`)
    })
}

/** stop, status, audit, settings. */
export function nodeCommands(program: Command, cli: Cli): void {
  program.command('stop').description('stop the node that runs on a data directory, and wait until it has')
    .option('--data <DIR>', 'data directory; else HIRUNDO_DATA, else .hirundo')
    .action(async (options: { data?: string }) => {
      const data_dir = dataDirOf(cli, options)
      cli.note((await stopNode(data_dir)) ? 'The node has stopped.\n' : `No node runs on ${data_dir}.\n`)
    })
  common(program.command('status').description('how the node and its parts are; exit code 1 when not ready'))
    .action(async (options: CommonOptions) => {
      const status = take(await (await connect(cli, options)).call(nodeStatus, {}))
      print(cli, options, status, statusText)
      if (!status.ready) process.exitCode = 1
    })
  common(program.command('audit').description('every change, newest first'))
    .option('--limit <N>', 'rows', integer(1, 1000), 100)
    .option('--after <CURSOR>', '"next" of the page before')
    .option('--action <ACTION>', 'only this action, e.g. token.create')
    .action(async (options: CommonOptions & { limit: number; after?: string; action?: string }) => {
      const { limit, after, action } = options
      const query = { limit, ...(after === undefined ? {} : { after }), ...(action === undefined ? {} : { action }) }
      const answer = take(await (await connect(cli, options)).call(listAudit, { query }))
      print(cli, options, answer, ({ entries, next }) => table(entries, [
        { title: 'AT', value: (row) => row.at }, { title: 'ACTOR', value: (row) => row.actor }, { title: 'ACTION', value: (row) => row.action },
        { title: 'SUBJECT', value: (row) => row.subject }, { title: 'DETAIL', value: (row) => JSON.stringify(row.detail) },
      ]) + (next === null ? '' : `\nmore: --after ${next}`))
    })
  settingsCommand(program, cli)
}
