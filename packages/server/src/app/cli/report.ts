import { writeFile } from 'node:fs/promises'
import { realWorld } from '@hirundo/base'
import { languages, quarterReport, quarterReportHtml, quarterReportPdf, type ApiClient, type Language } from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { quarterBefore, quarterOf } from '../../modules/report/index.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { connect, integer, take, type Cli } from './frame.ts'

interface ReportOptions {
  readonly url?: string
  readonly data?: string
  readonly year?: number
  readonly quarter?: number
  readonly lang: Language
  readonly format: 'html' | 'pdf' | 'json'
  readonly output?: string
}

/** A report asks many questions and may wait for another. */
const ANSWER_MS_MAX = 300_000

/** The quarter that is meant: the last full one, or the one of the year that is named. */
function chosen({ year, quarter }: ReportOptions): { year: number, quarter: number } {
  if (year === undefined && quarter === undefined) return quarterBefore(quarterOf(realWorld.now()))
  if (quarter === undefined) throw new OperatorError('--year names no quarter.', 'Add --quarter 1, 2, 3 or 4.')
  return { year: year ?? quarterOf(realWorld.now()).year, quarter }
}

async function contentOf(client: ApiClient, options: ReportOptions, params: { year: number, quarter: number }): Promise<Uint8Array> {
  const input = { params, query: { language: options.lang } }
  if (options.format === 'html') return take(await client.call(quarterReportHtml, input))
  if (options.format === 'pdf') return take(await client.call(quarterReportPdf, input))
  return Buffer.from(`${JSON.stringify(take(await client.call(quarterReport, input)), undefined, 2)}\n`)
}

/** report quarter. */
export function reportCommands(program: Command, cli: Cli): void {
  program.command('report').description('reports of what was observed')
    .command('quarter').description('the monitoring report of a quarter; the last full one when none is named')
    .option('--url <URL>', 'the node; else HIRUNDO_URL, else the node that runs on --data')
    .option('--data <DIR>', 'data directory of a node on this machine; else HIRUNDO_DATA')
    .option('--year <YEAR>', 'this year when left out', integer(2000, 2105))
    .option('--quarter <N>', '1 to 4; a running quarter is reported up to the last full hour', integer(1, 4))
    .addOption(new Option('--lang <LANGUAGE>', 'language of the report').choices(languages).default('en'))
    .addOption(new Option('--format <FORMAT>', 'html and pdf for readers, json for programs').choices(['html', 'pdf', 'json']).default('html'))
    .option('--output <FILE>', 'where to write it; stdout when left out, which PDF does not take')
    .action(async (options: ReportOptions) => {
      if (options.format === 'pdf' && options.output === undefined) throw new OperatorError('A PDF is not for a terminal.', 'Add --output FILE.')
      const quarter = chosen(options)
      const client = await connect(cli, { ...options, format: 'text' }, ANSWER_MS_MAX)
      const bytes = await contentOf(client, options, quarter)
      if (options.output === undefined) return cli.out(new TextDecoder().decode(bytes))
      await writeFile(options.output, bytes)
      cli.note(`Quarter ${quarter.quarter} of ${quarter.year} is in ${options.output}.\n`)
    })
}
