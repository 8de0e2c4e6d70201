import type { Command } from 'commander'
import type { Cli } from '../frame.ts'

/** Adds the observatory's commands. */
export function observatoryCommands(_program: Command, _cli: Cli): void {}
