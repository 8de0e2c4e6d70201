import { CommanderError } from 'commander'
import { escapeControls } from '../../platform/log/log.ts'
import { OperatorError, UsageError } from '../../platform/operator-error.ts'
import type { Cli } from './frame.ts'
import { makeProgram } from './program.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 2

function exitCodeOf(cli: Cli, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  if (error instanceof OperatorError) {
    cli.note(`${escapeControls(error.message)}\n${error.next_step === '' ? '' : `${error.next_step}\n`}`)
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  cli.note(`hirundo failed, and that is a bug: ${escapeControls(message)}\n${stack ?? ''}\n`)
  return EXIT_FAILED
}

/** Runs one command line (without the program's name); resolves with its exit code: 0 done, 1 failed, 2 wrong usage. */
export async function run(cli: Cli, args: readonly string[]): Promise<number> {
  try {
    await makeProgram(cli).parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return exitCodeOf(cli, error)
  }
}
