import { Command } from 'commander'
import { version } from '../version.ts'
import { backupCommands } from './backup.ts'
import type { Cli } from './frame.ts'
import { nodeCommands } from './node-commands.ts'
import { detectCommand } from './detect.ts'
import { directoryCommands } from './directory/index.ts'
import { doctorCommand } from './doctor.ts'
import { observatoryCommands } from './observatory/index.ts'
import { openApiCommand } from './openapi.ts'
import { peopleCommands } from './people.ts'
import { policyCommands } from './policy/index.ts'
import { reportCommands } from './report.ts'
import { startCommand } from './start.ts'
import { tokenCommand } from './token.ts'
import { warningCommands } from './warning/index.ts'

/** The whole command line. Usage errors throw CommanderError instead of ending the process. */
export function makeProgram(cli: Cli): Command {
  const program = new Command('hirundo')
    .description('A node of Hirundo: start it, ask it, look after it.')
    .version(version)
    .configureOutput({ writeOut: cli.out, writeErr: cli.note })
    .showHelpAfterError('(--help shows how)')
    .exitOverride()
    .addHelpText('after', '\nThe node is found by HIRUNDO_URL and HIRUNDO_TOKEN, or by --data on the machine where it runs.\nExit codes: 0 done, 1 failed, 2 wrong usage.')
  startCommand(program, cli)
  nodeCommands(program, cli)
  backupCommands(program, cli)
  tokenCommand(program, cli)
  peopleCommands(program, cli)
  doctorCommand(program, cli)
  openApiCommand(program, cli)
  observatoryCommands(program, cli)
  detectCommand(program, cli)
  warningCommands(program, cli)
  directoryCommands(program, cli)
  policyCommands(program, cli)
  reportCommands(program, cli)
  return program
}
