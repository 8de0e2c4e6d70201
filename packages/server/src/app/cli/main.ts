import { CommanderError } from 'commander'
import { OperatorError } from '../../platform/operator-error.ts'
import { escapeControls } from '../../platform/log/log.ts'
import { makeProgram } from './program.ts'
import type { Cli } from './frame.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 2

const cli: Cli = {
  environment: process.env,
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  if (error instanceof OperatorError) {
    cli.note(`${escapeControls(error.message)}\n${error.next_step === '' ? '' : `${error.next_step}\n`}`)
    return EXIT_FAILED
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  cli.note(`hirundo failed, and that is a bug: ${escapeControls(message)}\n${stack ?? ''}\n`)
  return EXIT_FAILED
}

// A reader that closes early (`hirundo audit | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT_FAILED))
try {
  await makeProgram(cli).parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitCodeOf(error)
}
