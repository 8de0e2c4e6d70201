#!/usr/bin/env node
import { help } from './cli/help.ts'
import { complain, exit, print } from './cli/io.ts'
import { version } from './version.ts'

/** Commands are loaded when asked for: `flows` needs no network, `run` no text output, and each costs memory. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  run: async (args) => (await import('./cli/run.ts')).run(args),
  enrol: async (args) => (await import('./cli/enrol.ts')).enrolCommand(args),
  flows: async (args) => (await import('./flows/run.ts')).runFlows(args),
  status: async (args) => (await import('./cli/status.ts')).status(args),
  fingerprint: async (args) => (await import('./cli/status.ts')).fingerprint(args),
}

/**
 * V8 and malloc trade memory for speed by default; the agent runs for months beside other things and does not. The two
 * middle compilers save seconds after the start; their code and work space stay.
 */
const FRUGAL_FLAGS = ['--max-semi-space-size=1', '--v8-pool-size=0', '--no-maglev', '--no-sparkplug']
const FRUGAL_ENVIRONMENT = { MALLOC_ARENA_MAX: '1', UV_THREADPOOL_SIZE: '2' }

/** Becomes the same program with frugal settings, which can only be given at the start of a process. */
function becomeFrugal(argv: readonly string[]): void {
  if (process.execve === undefined || process.execArgv.includes(FRUGAL_FLAGS[0]!)) return
  const [, script = ''] = process.argv
  const args = [process.execPath, ...process.execArgv, ...FRUGAL_FLAGS, script, ...argv]
  process.removeAllListeners('warning')
  process.execve(process.execPath, args, { ...process.env, ...FRUGAL_ENVIRONMENT })
}

async function main(argv: readonly string[]): Promise<number> {
  const [name = '', ...args] = argv
  if (name === '--version') return print(version), exit.done
  if (name === '--help' || name === 'help') return print(help.trimEnd()), exit.done
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    complain(name === '' ? 'no command is given; try --help' : `unknown command ${name.slice(0, 32)}; try --help`)
    return exit.usage
  }
  if (name !== 'flows' && args.includes('--help')) return print(help.trimEnd()), exit.done
  if (name === 'run') becomeFrugal(argv)
  try {
    return await command(args)
  } catch (error) {
    // node:util says in plain words what is wrong with an argument; anything else is a bug and shows its stack.
    if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error
    complain(error.message)
    return exit.usage
  }
}

process.exitCode = await main(process.argv.slice(2))
