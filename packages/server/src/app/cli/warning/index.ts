import type { Command } from 'commander'
import type { Cli } from '../frame.ts'
import { bulletinCommands } from './bulletins.ts'
import { backtestCommand } from './backtest.ts'
import { detectorsCommand } from './detectors.ts'
import { findingCommands } from './findings.ts'
import { forecastCommands } from './forecast.ts'
import { muteCommands } from './mutes.ts'
import { subscriptionCommands } from './subscriptions.ts'

/** Adds the commands of warning. */
export function warningCommands(program: Command, cli: Cli): void {
  findingCommands(program, cli)
  muteCommands(program, cli)
  forecastCommands(program, cli)
  bulletinCommands(program, cli)
  subscriptionCommands(program, cli)
  detectorsCommand(program, cli)
  backtestCommand(program, cli)
}
