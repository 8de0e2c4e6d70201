import { forecastPort, forecastTag, listForecasts, listPrecursors, tags, type Output, type Tag } from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { UsageError } from '../../../platform/operator-error.ts'
import { common, connect, print, table, take, type Cli, type CommonOptions } from '../frame.ts'

interface ForecastOptions extends CommonOptions {
  readonly step: 'hour' | 'day'
  readonly measure: 'packets' | 'sources'
}
type One = Output<typeof forecastPort>
type List = Output<typeof listForecasts>

/** Each port costs a rolling backtest. */
const TIMEOUT_MS = 120_000

const rounded = (value: number): number => Math.round(value * 10) / 10
const percent = (share: number | null): string => (share === null ? '-' : `${Math.round(share * 100)} %`)
const simulated = (is: boolean): string => (is ? '\nSimulated: at least one sensor sends made-up traffic.' : '')

const help = `
Seasonal-naive, ETS and an autoregressive model compete at origins that roll through the history; the one of the least
measured error looks ahead. Skill is 1 - its error / that of seasonal-naive; coverage is the share of past values that its
80 % interval held. Without TARGET: the busiest ports and each tag, next 24 hours against the last.

  hirundo forecast tcp/23 --step day
  hirundo forecast mirai --format json`

function skillText({ best, beats_seasonal_naive, models }: One): string {
  const rows = table(models, [
    { title: 'MODEL', value: ({ model }) => model }, { title: 'ERROR', value: (row) => rounded(row.mean_absolute_error) }, { title: 'SKILL', value: (row) => percent(row.skill) },
    { title: '50 % HELD', value: (row) => percent(row.coverage_50) }, { title: '80 % HELD', value: (row) => percent(row.coverage_80) },
    { title: '95 % HELD', value: (row) => percent(row.coverage_95) }, { title: 'ORIGINS', value: ({ origins }) => origins },
  ])
  return `${rows}\n${beats_seasonal_naive ? `${best} beats the last season beyond chance.` : 'No model beats the last season beyond chance: read it as "as last time".'}`
}

function oneText(view: One, target: string): string {
  if (!view.enough) return `Too little came on ${target} for a forecast: hours need about ten days of history with packets, days about two months.${isTag(target) ? '' : ` "hirundo port ${target}" says what came.`}${simulated(view.simulated)}`
  const points = table(view.points, [
    { title: 'FROM', value: ({ at }) => at }, { title: view.measure === 'packets' ? 'PACKETS PER SENSOR' : 'SOURCES', value: ({ mean }) => rounded(mean) },
    { title: '80 % LOW', value: (row) => rounded(row.low_80) }, { title: '80 % HIGH', value: (row) => rounded(row.high_80) },
    { title: '95 % LOW', value: (row) => rounded(row.low_95) }, { title: '95 % HIGH', value: (row) => rounded(row.high_95) },
  ])
  return `${points}\n\n${skillText(view)}${simulated(view.simulated)}`
}

function listText({ forecasts, simulated: made_up }: List): string {
  if (forecasts.length === 0) return `Nothing to look ahead from: hours need about ten days of history.${simulated(made_up)}`
  return table(forecasts, [
    { title: 'WHAT', value: (row) => row.tag ?? `${row.protocol}/${row.port}` }, { title: 'LAST 24 H', value: (row) => rounded(row.last_day) },
    { title: 'NEXT 24 H', value: (row) => rounded(row.next_day) }, { title: '80 % LOW', value: (row) => rounded(row.low_80) }, { title: '80 % HIGH', value: (row) => rounded(row.high_80) },
    { title: 'MODEL', value: ({ best }) => best }, { title: 'SKILL', value: (row) => percent(row.skill) }, { title: '80 % HELD', value: (row) => percent(row.coverage_80) },
    { title: 'BEATS LAST SEASON', value: (row) => (row.beats_seasonal_naive ? 'yes' : 'no') },
  ]) + `\nPackets per sensor.${simulated(made_up)}`
}

const isTag = (text: string): text is Tag => (tags as readonly string[]).includes(text)

function portOf(text: string): { readonly protocol: 'tcp' | 'udp'; readonly port: number } {
  const [protocol, port, ...rest] = text.split('/')
  if ((protocol !== 'tcp' && protocol !== 'udp') || port === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 65_535 || rest.length > 0) {
    throw new UsageError(`"${text}" is neither a port nor a tag.`, `It looks like tcp/23 or udp/53 (ports end at 65535), or is one of ${tags.join(', ')}.`)
  }
  return { protocol, port: Number(port) }
}

export function forecastCommands(program: Command, cli: Cli): void {
  common(program.command('forecast').description('what the next hours or days of a port or tag will bring, and how sure that is'))
    .argument('[TARGET]', `tcp/23, udp/53, or a tag: ${tags.join(', ')}`)
    .addOption(new Option('--step <STEP>', '48 hours, or 14 days').choices(['hour', 'day']).default('hour'))
    .addOption(new Option('--measure <MEASURE>', 'of ports: packets per sensor, or distinct sources').choices(['packets', 'sources']).default('packets'))
    .addHelpText('after', help)
    .action(async (target: string | undefined, options: ForecastOptions) => {
      const { step, measure } = options
      if (target !== undefined && !isTag(target)) portOf(target)
      const client = await connect(cli, options, TIMEOUT_MS)
      if (target === undefined) print(cli, options, take(await client.call(listForecasts, {})), listText)
      else if (isTag(target)) print(cli, options, take(await client.call(forecastTag, { params: { tag: target }, query: { step } })), (view) => oneText(view, target))
      else print(cli, options, take(await client.call(forecastPort, { params: portOf(target), query: { step, measure } })), (view) => oneText(view, target))
    })
  common(program.command('precursors').description('what followed early signals, with lead time and lift over chance'))
    .addHelpText('after', '\nLift is how much more often the outcome followed the signal on the same port than it follows any day of any port that was\never talked about. Its interval is that of the rate alone (Wilson, 95 %); with few signals it is wide.')
    .action(async (options: CommonOptions) => {
      print(cli, options, take(await (await connect(cli, options)).call(listPrecursors, {})), ({ signals: all, horizon_days, from, to }) => {
        // A pair of kinds that never came says nothing.
        const signals = all.filter(({ signals: count }) => count > 0)
        if (signals.length === 0) return `No signal was followed for its ${horizon_days} days yet: nothing can be said.`
        return table(signals, [
          { title: 'SIGNAL', value: ({ signal }) => signal }, { title: 'OUTCOME', value: ({ outcome }) => outcome }, { title: 'SIGNALS', value: (row) => row.signals },
          { title: 'FOLLOWED', value: ({ followed }) => followed }, { title: 'RATE', value: ({ rate }) => percent(rate) }, { title: 'CHANCE', value: ({ chance }) => percent(chance) },
          { title: 'LIFT', value: ({ lift }) => (lift === null ? null : rounded(lift)) },
          { title: '95 %', value: ({ lift_low, lift_high }) => (lift_low === null || lift_high === null ? null : `${rounded(lift_low)} … ${rounded(lift_high)}`) },
          { title: 'MEDIAN LEAD', value: ({ median_lead_s }) => (median_lead_s === null ? null : `${rounded(median_lead_s / 86_400)} d`) },
        ]) + `\nWithin ${horizon_days} days; signals from ${from} to ${to} whose days are over.`
      })
    })
}
