import { realWorld } from '@hirundo/base'
import { Option, type Command } from 'commander'
import { common, integer, print, several, type Cli, type CommonOptions } from '../frame.ts'
import { instantOption } from './times.ts'

export interface QuestionOptions extends CommonOptions {
  readonly from?: string
  readonly to?: string
  readonly sensor?: readonly string[]
  readonly research?: 'include' | 'exclude' | 'only'
  readonly limit?: number
}

/** Adds what every question takes. */
export function question(command: Command): Command {
  return common(command)
    .option('--from <TIME>', 'begin, e.g. 2026-01-31T06:00:00Z, 2026-01-31, today, -24h (the default)', instantOption(realWorld.now()))
    .option('--to <TIME>', 'end, not included; now when left out', instantOption(realWorld.now()))
    .option('--sensor <NAME>', 'only this sensor; may be given several times', several)
    .addOption(new Option('--research <CHOICE>', 'known research scanners').choices(['include', 'exclude', 'only']))
}

export const limit = (command: Command, max: number): Command => command.option('--limit <N>', 'rows', integer(1, max))

/** The parts of the API's query that were given. */
export function queryOf({ from, to, sensor, research }: QuestionOptions) {
  return {
    ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }),
    ...(sensor ? { sensor: [...sensor] } : {}), ...(research ? { research } : {}),
  }
}

export const limitOf = ({ limit }: QuestionOptions): { limit?: number } => (limit === undefined ? {} : { limit })

/** What stands beside every figure of an answer. */
export interface Facts {
  readonly from: string
  readonly to: string
  readonly coverage: { readonly sensors_live: number; readonly sensors_total: number; readonly dropped: number }
  readonly simulated: boolean
  readonly research: string
  readonly tables_as_of: string | null
  readonly note: string | null
}

export function factsLine(facts: Facts): string {
  const { coverage: { sensors_live, sensors_total, dropped } } = facts
  return [
    `${facts.from} to ${facts.to}`,
    `${sensors_live} of ${sensors_total} sensors watched`,
    ...(dropped > 0 ? [`${dropped} packets were lost before a sensor saw them`] : []),
    ...(facts.simulated ? ['SIMULATED'] : []),
    ...(facts.research === 'include' ? [] : [`research scanners: ${facts.research}`]),
    ...(facts.note === null ? [] : ['location of address, not of actor']),
    ...(facts.note === null || facts.tables_as_of === null ? [] : [`tables of ${facts.tables_as_of}`]),
  ].join('; ')
}

/** What stands beside every figure of what answering sensors heard. */
export interface HeardFacts extends Omit<Facts, 'coverage'> {
  readonly sensors_heard: number
  readonly sensors_total: number
}

const heardLine = ({ from, to, sensors_heard, sensors_total, simulated, research, note, tables_as_of }: HeardFacts): string => [
  `${from} to ${to}`,
  `${sensors_heard} of ${sensors_total} sensors heard somebody`,
  ...(simulated ? ['SIMULATED'] : []),
  ...(research === 'include' ? [] : [`research scanners: ${research}`]),
  ...(note === null ? [] : ['location of address, not of actor']),
  ...(note === null || tables_as_of === null ? [] : [`tables of ${tables_as_of}`]),
].join('; ')

/** As `answer`, of what answering sensors heard; `more` goes to stderr too. */
export function heardAnswer<T>(cli: Cli, options: CommonOptions, facts: HeardFacts & { readonly data: T }, text: (data: T) => string, more: readonly string[] = []): void {
  cli.note(`${[heardLine(facts), ...more].join('\n')}\n`)
  print(cli, options, facts.data, text)
}

/** Prints an answer: its data to stdout; what must be known beside it to stderr. */
export function answer<T>(cli: Cli, options: CommonOptions, facts: Facts, data: T, text: (data: T) => string): void {
  cli.note(`${factsLine(facts)}\n`)
  print(cli, options, data, text)
}
