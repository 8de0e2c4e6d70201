import type { Command } from 'commander'
import { openApi } from '../openapi.ts'
import type { Cli } from './frame.ts'

export function openApiCommand(program: Command, cli: Cli): void {
  program.command('openapi').description('print the OpenAPI description of the API').action(() => cli.out(openApi()))
}
