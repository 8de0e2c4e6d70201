import { listDetectors, type Output } from '@hirundo/contract'
import type { Command } from 'commander'
import { common, connect, print, table, take, type Cli, type CommonOptions } from '../frame.ts'

type Detectors = Output<typeof listDetectors>

const shedText = (shed: Readonly<Record<string, number>>): string | undefined => {
  const all = Object.entries(shed)
  return all.length === 0 ? undefined : all.map(([name, count]) => `${name} ${count}`).join(', ')
}

/** `learning, 3 of 7 days`. */
const stateText = ({ state, learning }: Detectors['detectors'][number]): string =>
  (state === 'learning' && learning !== null ? `learning, ${learning.days} of ${learning.days_needed} days` : state)

function detectorsText({ detectors, addresses, late_replays }: Detectors): string {
  const rows = table(detectors, [
    { title: 'KIND', value: (row) => row.kind }, { title: 'STATE', value: stateText }, { title: 'LAST RUN', value: (row) => row.last_run_at?.replace(/\.\d+Z$/, 'Z') },
    { title: 'LOOKED AT', value: (row) => (row.window_from === null ? undefined : `${row.window_from} to ${row.window_to}`) },
    { title: 'FINDINGS 30 DAYS', value: (row) => row.findings_30_days }, { title: 'ALARMS A DAY', value: (row) => Math.round(row.alarms_per_day * 100) / 100 },
    { title: 'PRECISION', value: ({ precision: { confirmed, dismissed, precision } }) => (precision === null ? undefined : `${Math.round(precision * 100)} % of ${confirmed + dismissed}`) },
    { title: 'LEFT OUT', value: (row) => shedText(row.shed) },
  ])
  const reasons = [...new Set(detectors.flatMap(({ kind, state, reason }) => (reason === null ? [] : [state === 'failed' ? `${kind}: ${reason}` : reason])))]
  const observing = addresses === null ? 'How many addresses observe is not known.' : `${addresses} addresses observe.`
  return [rows, '', `${observing} Late data made a stretch be looked at again ${late_replays} times.`, ...reasons].join('\n')
}

/** `hirundo detectors`: how each detector is. */
export function detectorsCommand(program: Command, cli: Cli): void {
  common(program.command('detectors').description('each detector: when it ran over what, what it left out, alarms a day, precision so far; exit code 1 when one does not keep up'))
    .addHelpText('after', '\nParameters are in --format json; "hirundo settings set warning.detector_parameters" changes them.')
    .action(async (options: CommonOptions) => {
      const answer = take(await (await connect(cli, options)).call(listDetectors, {}))
      print(cli, options, answer, detectorsText)
      if (answer.detectors.some(({ state }) => state === 'failed' || state === 'late')) process.exitCode = 1
    })
}
