import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Logger } from 'pino'
import { makeLog } from '../../platform/log/log.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { readConfig, type ConfigSources, type NodeConfig } from '../config.ts'
import type { Node } from '../node.ts'
import type { Cli } from './frame.ts'

const STOP_WITHIN_MS = 10_000
/** Ctrl-C reaches us both from the terminal and through a wrapper: what comes this soon is the same wish. */
const SAME_WISH_MS = 500

interface ConfigFlags {
  readonly data?: string
  readonly listen?: string
  readonly config?: string
  readonly logLevel?: NodeConfig['log_level']
}

/** The configuration that file, environment and flags make. */
export async function configFromFlags(cli: Cli, flags: ConfigFlags): Promise<NodeConfig> {
  const name = flags.config ?? cli.environment['HIRUNDO_CONFIG']
  const sources: ConfigSources = {
    environment: cli.environment,
    flags: { data_dir: flags.data === undefined ? undefined : resolve(flags.data), listen: flags.listen, log_level: flags.logLevel },
  }
  if (name === undefined) return readConfig(sources)
  const text = await readFile(name, 'utf8').catch((error: Error) => {
    throw new OperatorError(`The configuration file cannot be read: ${error.message}`, 'Correct --config or HIRUNDO_CONFIG.')
  })
  try {
    return readConfig({ ...sources, file: { name, content: JSON.parse(text) as unknown } })
  } catch (error) {
    if (error instanceof SyntaxError) throw new OperatorError(`${name} is not JSON: ${error.message}`, 'Correct it; the operator’s guide shows an example.')
    throw error
  }
}

function announce(cli: Cli, node: Node, json: boolean): void {
  const { url, token, setup } = node
  if (json) {
    cli.out(`${JSON.stringify({ ready: true, url, ...(token === undefined ? {} : { token }), ...(setup === undefined ? {} : { setup }) })}\n`)
    return
  }
  cli.out(`The node is ready at ${url}\nFingerprint of its key: ${node.fingerprint}\n`)
  // Browsers make passkeys for a name only, and every machine has this one.
  const link = setup?.replace(/^http:\/\/127\.0\.0\.1:/, 'http://localhost:')
  if (link !== undefined) cli.out(`To become its administrator, open this once within 24 hours (each start makes a new link until somebody did):\n  ${link}\n`)
  if (token !== undefined) cli.out(`Administrator's token, shown only now:\n  ${token}\nIn another terminal:\n  export HIRUNDO_URL=${url} HIRUNDO_TOKEN=${token}\n  npx hirundo status\n`)
}

/** Stops the node at SIGTERM or SIGINT; a second one, or ten seconds, end the process at once. Resolves when stopped. */
async function untilStopped(node: Node, log: Logger): Promise<void> {
  const asked = Promise.withResolvers<void>()
  const force = (why: string) => {
    log.error({ why }, 'the node ends without waiting; the next start repairs what is left')
    process.exit(1)
  }
  let since: number | undefined
  const ask = () => {
    if (since !== undefined && performance.now() - since > SAME_WISH_MS) force('second signal')
    since ??= performance.now()
    asked.resolve()
  }
  process.on('SIGTERM', ask)
  process.on('SIGINT', ask)
  await asked.promise
  setTimeout(() => force('did not stop in time'), STOP_WITHIN_MS).unref()
  log.info({}, 'stopping')
  await node.stop()
}

export function startCommand(program: Command, cli: Cli): void {
  program.command('start')
    .description('start a node and keep it running until SIGTERM or Ctrl-C')
    .option('--data <DIR>', 'data directory; else HIRUNDO_DATA, else .hirundo')
    .option('--listen <HOST:PORT>', 'where to listen; else HIRUNDO_LISTEN, else 127.0.0.1:8080')
    .option('--config <FILE>', 'configuration in JSON; else HIRUNDO_CONFIG')
    .option('--log-level <LEVEL>', 'debug, info, warn, error or silent')
    .option('--new-admin-token', 'make one more administrator’s token, when the first is lost')
    .option('--json', 'print one line of JSON when ready, and nothing else, on stdout')
    .action(async (flags: ConfigFlags & { json?: boolean; newAdminToken?: boolean }) => {
      const config = await configFromFlags(cli, flags)
      const log = makeLog(config.log_level)
      process.on('uncaughtException', (error) => {
        log.fatal({ err: error }, 'a bug ends the node; the next start continues from what is on disk')
        process.exit(1)
      })
      const say = flags.json === true ? undefined : (text: string) => cli.note(`${text} …\n`)
      say?.(`Starting a node in ${config.data_dir}`)
      // Loaded here only: the other commands would wait for what they do not use.
      const { startNode } = await import('../node.ts')
      const node = await startNode({ config, log, new_admin_token: flags.newAdminToken === true, ...(say ? { say } : {}) })
      const stopped = untilStopped(node, log)
      announce(cli, node, flags.json === true)
      await stopped
      log.info({}, 'stopped')
      process.exit(0)
    })
}
