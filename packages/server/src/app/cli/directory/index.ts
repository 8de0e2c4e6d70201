import type { Command } from 'commander'
import type { Cli } from '../frame.ts'
import { calendarCommands } from './calendars.ts'
import { agreementCommands } from './agreements.ts'
import { communityCommands } from './communities.ts'
import { constituencyCommands } from './constituencies.ts'
import { exchangeCommands } from './exchange.ts'
import { keyCommands } from './keys.ts'
import { teamCommands } from './teams.ts'

/** Adds the commands of the directory. */
export function directoryCommands(program: Command, cli: Cli): void {
  const team = teamCommands(program, cli)
  exchangeCommands(program, team, cli)
  calendarCommands(program, cli)
  keyCommands(program, cli)
  constituencyCommands(program, cli)
  communityCommands(program, cli)
  agreementCommands(program, cli)
}
