import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatMillis, realWorld } from '@hirundo/base'
import { cancelBacktest, getBacktest, Label, startBacktest, type ApiClient, type Output } from '@hirundo/contract'
import type { Command } from 'commander'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { OperatorError, UsageError } from '../../../platform/operator-error.ts'
import { common, connect, integer, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { instantOption } from '../observatory/times.ts'
import { forwards } from './options.ts'

interface BacktestOptions extends CommonOptions {
  readonly from?: string
  readonly to?: string
  readonly warmUpDays?: number
  readonly labels?: string
  readonly cancel?: string
}
type Result = NonNullable<Output<typeof getBacktest>['result']>

const POLL_MS = 1_000
const ALARMS_SHOWN_MAX = 20
const LabelFile = Type.Union([Type.Array(Label), Type.Object({ labels: Type.Array(Label), from: Type.Optional(Type.String()), to: Type.Optional(Type.String()) })])

const help = `
Replays what is stored through all detectors, as if it came now, and compares what they find with what is known: labels of a file
(a JSON array, or the labels.json of "npm run scenario", whose period is taken when none is given), and findings that people judged.
An alarm that no label knows counts as false; where there are no labels and nothing was judged, none can be called right or false.
Records raise nobody and are no alarms. docs/backtest.md says what a label file is.

  hirundo backtest --from -7d
  hirundo backtest --cancel ID             # ends one that runs: a node runs one at a time
  hirundo backtest --from 2026-03-01 --to 2026-03-08 --warm-up-days 30 --labels labels.json --format json`

async function readLabels(path: string): Promise<{ readonly labels: readonly Label[]; readonly from?: string; readonly to?: string }> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => Promise.reject(new OperatorError(`${path} cannot be read: ${(error as Error).message}.`, 'Check the path.')))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new OperatorError(`${path} is not JSON.`, 'docs/backtest.md shows a label file: a JSON array, or an object with one in "labels".')
  }
  if (!Value.Check(LabelFile, value)) {
    const [first] = Value.Errors(Type.Array(Label), Array.isArray(value) ? value : (value as { labels?: unknown } | null)?.labels)
    throw new OperatorError(`${path} does not hold labels${first ? `: ${first.message}` : ''}.`, 'docs/backtest.md says what a label is, with an example.')
  }
  return Array.isArray(value) ? { labels: value } : value
}

/** Waits for the result and says how far it is. */
async function resultOf(client: ApiClient, id: string, cli: Cli): Promise<Result> {
  cli.note(`The node runs it as ${id}. Ctrl-C ends the waiting only; hirundo backtest --cancel ${id} ends the backtest.\n`)
  for (let said = -1; ; await sleep(POLL_MS)) {
    const { state, done_share, reason, result } = take(await client.call(getBacktest, { params: { id } }))
    if (state === 'failed') throw new OperatorError(`The backtest ended without a result: ${reason ?? 'no reason is known'}.`, 'See the node’s log; then try again.')
    if (state === 'cancelled') throw new OperatorError('The backtest was cancelled.', 'Start it again when nobody needs the node’s time.')
    if (state === 'done' && result) return result
    const percent = Math.floor(done_share * 100)
    if (percent > said) cli.note(`${percent} % looked at\n`)
    said = percent
  }
}

const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(1)} %`)
const time = (seconds: number | null): string => (seconds === null ? '-' : seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`)

function listed(title: string, list: Result['false_list'], count: number): string[] {
  const shown = list.slice(0, ALARMS_SHOWN_MAX).map(({ kind, subject, start, end }) => `  ${kind}  ${subject}  ${start} to ${end}`)
  const more = count - shown.length
  return shown.length === 0 ? [] : [`${title}:\n${shown.join('\n')}${more > 0 ? `\n  and ${more} more (--format json)` : ''}`]
}

function resultText(result: Result): string {
  if (!result.observed) return `${result.from} to ${result.to}: no observations are stored there. "hirundo sensors" says since when sensors deliver.`
  const { from, to, alarms, true_alarms, false_alarms, false_alarms_per_day, labels, found, median_lead_s } = result
  const head = [
    `${from} to ${to} (${result.days.toFixed(1)} days)${result.synthetic ? ' - SYNTHETIC: these observations were made by a generator' : ''}`,
    ...(result.labelled ? [
      `recall     ${percent(result.recall)} (${found} of ${labels} labels that something had to find)`,
      `precision  ${percent(result.precision)} (${true_alarms} of ${alarms} alarms belong to a label)`,
      `false      ${false_alarms} alarms, ${false_alarms_per_day.toFixed(2)} a day`,
      `lead       ${time(median_lead_s)} before disclosure, median`,
    ] : [
      `alarms     ${alarms}, ${(alarms / result.days).toFixed(2)} a day`,
      'recall and precision cannot be measured: no labels were given and nothing of the period was judged (--labels, docs/backtest.md)',
    ]),
  ].join('\n')
  const kinds = table(result.by_kind, [
    { title: 'KIND', value: (row) => row.kind }, { title: 'ALARMS', value: (row) => row.alarms }, { title: 'TRUE', value: (row) => row.true_alarms },
    { title: 'FALSE', value: (row) => row.false_alarms }, { title: 'PRECISION', value: (row) => percent(row.precision) }, { title: 'RECORDS', value: (row) => row.records },
  ])
  const events = table(result.by_event, [
    { title: 'EVENT', value: (row) => row.event }, { title: 'STRENGTH', value: (row) => row.strength }, { title: 'FOUND', value: (row) => `${row.found} of ${row.labels}` },
    { title: 'DELAY', value: (row) => time(row.median_delay_s) }, { title: 'LEAD', value: (row) => time(row.median_lead_s) },
  ])
  const shed = Object.entries(result.shed).map(([name, count]) => `  ${name}: ${count}`)
  return [
    head, kinds, ...(result.by_event.length > 0 ? [events] : []),
    ...listed('False alarms', result.false_list, false_alarms), ...listed('Alarms, unlabelled', result.unlabelled_list, result.unlabelled_alarms),
    ...(shed.length > 0 ? [`Left out, as memory is bounded:\n${shed.join('\n')}`] : []),
  ].join('\n\n')
}

/** `hirundo backtest`: a stored period through all detectors. */
export function backtestCommand(program: Command, cli: Cli): void {
  const now = realWorld.now()
  common(program.command('backtest').description('replay a stored period through all detectors and compare with what is known'))
    .option('--from <TIME>', 'e.g. 2026-03-01, yesterday, -7d; or the begin of the labels file', instantOption(now))
    .option('--to <TIME>', 'now when left out; or the end of the labels file', instantOption(now))
    .option('--warm-up-days <N>', 'days before it that detectors see first; what they find there does not count (default 0)', integer(0, 60))
    .option('--labels <FILE>', 'what is known of the period, as JSON')
    .option('--cancel <ID>', 'end this backtest instead of starting one')
    .addHelpText('after', help)
    .action(async (options: BacktestOptions) => {
      if (options.cancel !== undefined) {
        const id = options.cancel
        return print(cli, options, take(await (await connect(cli, options)).call(cancelBacktest, { params: { id } })), () => `${id} is ended`)
      }
      const known = options.labels === undefined ? undefined : await readLabels(options.labels)
      const from = options.from ?? known?.from
      const to = options.to ?? known?.to ?? formatMillis(now)
      if (from === undefined) throw new UsageError('--from is missing.', 'Say where the period begins, e.g. --from -7d.')
      forwards(from, to)
      const client = await connect(cli, options)
      const labels = known?.labels.filter((label) => Date.parse(label.end) >= Date.parse(from) && Date.parse(label.start) <= Date.parse(to))
      const body = { from, to, ...(labels === undefined ? {} : { labels }), ...(options.warmUpDays === undefined ? {} : { warm_up_days: options.warmUpDays }) }
      const { id } = take(await client.call(startBacktest, { body }))
      const result = await resultOf(client, id, cli)
      print(cli, options, result, resultText)
    })
}
