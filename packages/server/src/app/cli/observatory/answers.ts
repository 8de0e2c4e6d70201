import {
  compareAnswer, coverageAnswer, matrixAnswer, portAnswer, seriesAnswer, seriesDimensions, sourceAnswer, topAnswer, topDimensions,
  type Output, type TopDimension, type TopEntry,
} from '@hirundo/contract'
import { Argument, type Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { connect, integer, table, take, type Cli, type TableColumn } from '../frame.ts'
import { answer, limit, limitOf, queryOf, question, type QuestionOptions } from './question.ts'

type Keyed = Pick<TopEntry, 'key' | 'protocol' | 'port' | 'icmp_type' | 'icmp_code' | 'service' | 'economy' | 'asn' | 'as_name' | 'source' | 'sensor'>

/** The code of addresses that no table places. */
const UNKNOWN = 'ZZ'

/** The members that name a row, without the one that only questions need. */
function named(row: Keyed): Omit<Keyed, 'key' | 'service'> {
  const { protocol, port, icmp_type, icmp_code, economy, asn, as_name, source, sensor } = row
  const all = { protocol, port, icmp_type, icmp_code, economy, asn, as_name, source, sensor }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

const label = (row: Keyed): string =>
  [row.key, row.service, row.as_name].filter((text) => text !== undefined && text !== null && text !== '').join(' ')

const topColumns: readonly TableColumn<TopEntry>[] = [
  { title: 'RANK', value: (row) => row.rank }, { title: 'BEFORE', value: (row) => row.previous_rank },
  { title: 'WHAT', value: label }, { title: 'PACKETS', value: (row) => row.packets }, { title: 'SOURCES', value: (row) => row.sources },
  { title: 'PER SENSOR', value: (row) => row.packets_per_sensor },
]

/** One row as programs read it: rank, previous_rank, what it is, packets, sources. */
export const topJson = (row: TopEntry) =>
  ({ rank: row.rank, previous_rank: row.previous_rank, ...named(row), packets: row.packets, sources: row.sources })

function topCommand(program: Command, cli: Cli): void {
  const command = program.command('top').description('most packets first, with the rank in the period before')
    .addArgument(new Argument('<WHAT>', 'what is ranked').choices(topDimensions))
  limit(question(command), 1000).action(async (dimension: TopDimension, options: QuestionOptions) => {
    const client = await connect(cli, options)
    const got = take(await client.call(topAnswer, { params: { dimension }, query: { ...queryOf(options), ...limitOf(options) } }))
    if (options.format === 'json') answer(cli, options, got, got.data.map(topJson), () => '')
    else answer(cli, options, got, got.data, (rows) => table(rows, topColumns))
  })
}

function seriesCommand(program: Command, cli: Cli): void {
  const command = program.command('series').description('packets and sources over time; a hole (-) is a time in which no sensor watched')
    .addArgument(new Argument('[WHAT]', 'what KEY names').choices(seriesDimensions).default('total'))
    .argument('[KEY]', 'e.g. tcp/23, XA, 64512, 240.1.2.3 or a name of a sensor')
    .option('--step <SECONDS>', 'length of a bin: 60 to 86400', integer(60, 86_400))
  question(command).action(async (dimension: (typeof seriesDimensions)[number], key: string | undefined, options: QuestionOptions & { step?: number }) => {
    if (dimension !== 'total' && key === undefined) {
      command.error(`error: series ${dimension} needs a KEY, like tcp/23, XA, 64512, 240.1.2.3 or the name of a sensor`)
    }
    const query = { ...queryOf(options), dimension, ...(key === undefined ? {} : { key }), ...(options.step === undefined ? {} : { step: options.step }) }
    const got = take(await (await connect(cli, options)).call(seriesAnswer, { query }))
    answer(cli, options, got, got.data.points, (points) => table(points, [
      { title: 'AT', value: (row) => row.at }, { title: 'PACKETS', value: (row) => row.packets }, { title: 'SOURCES', value: (row) => row.sources },
      { title: 'PER SENSOR', value: (row) => row.packets_per_sensor }, { title: 'SENSORS', value: (row) => row.live_sensors },
    ]))
  })
}

function portCommand(program: Command, cli: Cli): void {
  question(program.command('port').description('who knocks at a port').argument('<PORT>', 'e.g. tcp/23, udp/53, icmp/8/0'))
    .action(async (text: string, options: QuestionOptions) => {
      const [protocol = '', ...rest] = text.split('/')
      const params = { protocol, port: rest.join('-') }
      if (rest.length === 0) throw new OperatorError(`"${text}" names no port.`, 'It looks like tcp/23, udp/53 or icmp/8/0.')
      const got = take(await (await connect(cli, options)).call(portAnswer, { params, query: queryOf(options) }))
      answer(cli, options, got, got.data, (port) => [
        `${label(port)}: ${port.packets} packets of ${port.sources} sources, first ${port.first_seen ?? '-'}, last ${port.last_seen ?? '-'}`,
        `tools: mirai ${port.tools.mirai}, zmap ${port.tools.zmap}, masscan ${port.tools.masscan}; scan ${port.classes.scan}, backscatter ${port.classes.backscatter}, other ${port.classes.other}`,
        table(port.top_sources, [
          { title: 'SOURCE', value: (row) => row.source }, { title: 'ECONOMY', value: (row) => row.economy }, { title: 'AS', value: (row) => row.asn },
          { title: 'PACKETS', value: (row) => row.packets },
        ]),
        table(port.sensors, [
          { title: 'SENSOR', value: (row) => row.sensor }, { title: 'FIRST SEEN', value: (row) => row.first_seen },
          { title: 'PACKETS', value: (row) => row.packets }, { title: 'SOURCES', value: (row) => row.sources },
        ]),
      ].join('\n\n'))
    })
}

/** Economy and network of an address, or why it has none. */
function placeOf({ economy, asn, as_name, special_purpose: special }: Output<typeof sourceAnswer>['data']): string {
  const known = [economy === UNKNOWN ? '' : economy, asn === 0 ? '' : `AS${asn} ${as_name}`.trim()].filter((text) => text !== '').join(', ')
  const place = known === '' ? 'no economy and no network known' : known
  return special === null ? place : `special-purpose address: ${special.name}, ${special.cidr} (${special.rfc}; IANA registry, RFC 6890); ${known === '' ? 'it has no economy and no network' : known}`
}

function sourceCommand(program: Command, cli: Cli): void {
  question(program.command('source').description('everything that one address did').argument('<ADDRESS>'))
    .action(async (address: string, options: QuestionOptions) => {
      const got = take(await (await connect(cli, options)).call(sourceAnswer, { params: { address }, query: queryOf(options) }))
      answer(cli, options, got, got.data, (source) => [
        `${source.source}: ${source.packets} packets, first ${source.first_seen ?? '-'}, last ${source.last_seen ?? '-'}`,
        `${placeOf(source)}${source.research === null ? '' : `, research: ${source.research}`}`,
        table(source.ports, [
          { title: 'PORT', value: (row) => row.key }, { title: 'PACKETS', value: (row) => row.packets },
          { title: 'FIRST SEEN', value: (row) => row.first_seen }, { title: 'LAST SEEN', value: (row) => row.last_seen },
        ]),
        table(source.sensors, [
          { title: 'SENSOR', value: (row) => row.sensor }, { title: 'PACKETS', value: (row) => row.packets }, { title: 'FIRST SEEN', value: (row) => row.first_seen },
        ]),
      ].join('\n\n'))
    })
}

function matrixCommand(program: Command, cli: Cli): void {
  limit(question(program.command('matrix').description('packets by sensor and port')), 100).action(async (options: QuestionOptions) => {
    const got = take(await (await connect(cli, options)).call(matrixAnswer, { query: { ...queryOf(options), ...limitOf(options) } }))
    answer(cli, options, got, got.data, ({ ports, sensors, packets }) => table(sensors.map((sensor, i) => ({ sensor, row: packets[i]! })), [
      { title: 'SENSOR', value: ({ sensor }) => sensor },
      ...ports.map((port, i) => ({ title: port, value: ({ row }: { row: readonly number[] }) => row[i] })),
    ]))
  })
}

function compareCommand(program: Command, cli: Cli): void {
  const command = program.command('compare').description('two periods side by side; without a base: the period of the same length before')
    .addArgument(new Argument('<WHAT>', 'what is compared').choices(topDimensions))
    .option('--base-from <TIME>', 'begin of the other period').option('--base-to <TIME>', 'its end')
  limit(question(command), 200).action(async (dimension: TopDimension, options: QuestionOptions & { baseFrom?: string; baseTo?: string }) => {
    const query = {
      ...queryOf(options), ...limitOf(options),
      ...(options.baseFrom === undefined ? {} : { base_from: options.baseFrom }), ...(options.baseTo === undefined ? {} : { base_to: options.baseTo }),
    }
    const got = take(await (await connect(cli, options)).call(compareAnswer, { params: { dimension }, query }))
    answer(cli, options, got, got.data, ({ base_from, base_to, rows }) => `against ${base_from} to ${base_to}\n${table(rows, [
      { title: 'WHAT', value: label }, { title: 'RANK', value: (row) => row.rank }, { title: 'BASE RANK', value: (row) => row.base_rank },
      { title: 'PACKETS', value: (row) => row.packets }, { title: 'BASE', value: (row) => row.base_packets }, { title: 'RATIO', value: (row) => row.ratio },
    ])}`)
  })
}

function coverageCommand(program: Command, cli: Cli): void {
  question(program.command('coverage').description('how long each sensor watched, and what it lost')).action(async (options: QuestionOptions) => {
    const got = take(await (await connect(cli, options)).call(coverageAnswer, { query: queryOf(options) }))
    answer(cli, options, got, got.data, (rows) => table(rows, [
      { title: 'SENSOR', value: (row) => row.sensor }, { title: 'WATCHED', value: (row) => `${(row.observed_share * 100).toFixed(1)} %` },
      { title: 'DROPPED', value: (row) => row.dropped }, { title: 'GAPS', value: (row) => row.gap_batches }, { title: 'LAST MINUTE', value: (row) => row.last_minute },
    ]))
  })
}

/** top, series, port, source, matrix, compare, coverage. */
export function answerCommands(program: Command, cli: Cli): void {
  for (const add of [topCommand, seriesCommand, portCommand, sourceCommand, matrixCommand, compareCommand, coverageCommand]) add(program, cli)
}
