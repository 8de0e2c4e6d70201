import type { Cli } from './frame.ts'
import { run } from './run.ts'

const cli: Cli = {
  environment: process.env,
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
  input: () => (process.stdin.isTTY ? [] : process.stdin),
}

// A reader that closes early (`hirundo audit | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
process.exitCode = await run(cli, process.argv.slice(2))
