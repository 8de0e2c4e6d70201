import type { Command } from 'commander'
import type { Cli } from '../frame.ts'
import { answerCommands } from './answers.ts'
import { importCommand } from './import.ts'
import { interactionCommands } from './interactions.ts'
import { registerCommands } from './registers.ts'
import { sensorCommands } from './sensors.ts'

/** Adds the observatory's commands. */
export function observatoryCommands(program: Command, cli: Cli): void {
  sensorCommands(program, cli)
  answerCommands(program, cli)
  interactionCommands(program, cli)
  registerCommands(program, cli)
  importCommand(program, cli)
}
