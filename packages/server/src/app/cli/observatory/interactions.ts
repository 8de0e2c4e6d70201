import {
  drdosAttacks, heardKeys, heardSeries, heardTop, sourceEvidence, type CallOutput, type Evidence, type Handshake, type HeardKey, type HeardRow,
} from '@hirundo/contract'
import { Argument, Option, type Command } from 'commander'
import { connect, integer, table, take, type Cli } from '../frame.ts'
import { heardAnswer, limit, limitOf, queryOf, question, type QuestionOptions } from './question.ts'

const NEEDS_SCOPE = 'hidden values need the scope content:read'
const said_chars_max = 160

/** What a strength proves, and what it does not. */
const strengthText: Readonly<Record<Handshake, string>> = {
  none: 'none: the address may be forged',
  completed: 'completed: the address answered a handshake; that does not say that the machine is infected',
  dialogue: 'dialogue: the address answered a handshake and then spoke the protocol; that does not say that the machine is infected',
}

/** Heads of what is counted and of its second part, where it has one. */
const parts: Readonly<Partial<Record<HeardKey, readonly [key: string, of: string]>>> = {
  passwords: ['PASSWORD', 'MOSTLY OF USER'], credentials: ['PASSWORD', 'USER'], functions: ['FUNCTION', 'PROTOCOL'], tools: ['TOOL', 'RULE'],
}

const rowColumns = (what: HeardKey) => [
  { title: 'RANK', value: (row: HeardRow) => row.rank }, { title: parts[what]?.[0] ?? what.toUpperCase(), value: (row: HeardRow) => row.key ?? '(hidden)' },
  ...(parts[what] ? [{ title: parts[what][1], value: (row: HeardRow) => row.of }] : []),
  { title: 'INTERACTIONS', value: (row: HeardRow) => row.interactions }, { title: 'REQUESTS', value: (row: HeardRow) => row.requests },
  { title: 'SOURCES', value: (row: HeardRow) => row.sources }, { title: 'SENSORS', value: (row: HeardRow) => row.sensors },
  { title: 'BYTES IN', value: (row: HeardRow) => row.bytes_in }, { title: 'BYTES OUT', value: (row: HeardRow) => row.bytes_out },
  { title: 'LAST SEEN', value: (row: HeardRow) => row.last_seen },
]

function topCommand(interactions: Command, cli: Cli): void {
  const command = interactions.command('top').description('what answering sensors heard most')
    .addArgument(new Argument('<WHAT>', 'what is counted').choices(heardKeys))
    .addHelpText('after', '\nExample: hirundo interactions top credentials --from -7d --limit 20')
  limit(question(command), 1000).action(async (what: HeardKey, options: QuestionOptions) => {
    const got = take(await (await connect(cli, options)).call(heardTop, { params: { what }, query: { ...queryOf(options), ...limitOf(options) } }))
    heardAnswer(cli, options, got, ({ rows }) => table(rows, rowColumns(what)), got.data.rows.some(({ key }) => key === null) ? [NEEDS_SCOPE] : [])
  })
}

function seriesCommand(interactions: Command, cli: Cli): void {
  const command = interactions.command('series').description('interactions over time by strength of evidence')
    .option('--step <SECONDS>', 'length of a bin: 60 to 86400', integer(60, 86_400))
    .addHelpText('after', '\nExample: hirundo interactions series --from -24h --step 3600')
  question(command).action(async (options: QuestionOptions & { step?: number }) => {
    const query = { ...queryOf(options), ...(options.step === undefined ? {} : { step: options.step }) }
    heardAnswer(cli, options, take(await (await connect(cli, options)).call(heardSeries, { query })), ({ points }) => table(points, [
      { title: 'AT', value: (row) => row.at }, { title: 'NONE', value: (row) => row.none }, { title: 'COMPLETED', value: (row) => row.completed },
      { title: 'DIALOGUE', value: (row) => row.dialogue }, { title: 'REQUESTS', value: (row) => row.requests }, { title: 'SOURCES', value: (row) => row.sources },
    ]))
  })
}

/** What a source said, in one line. */
function saidOf({ logins, urls, facts }: Evidence): string {
  const all = [
    ...logins.map(({ user, password }) => (user === null ? 'login (hidden)' : `login ${user}/${password}`)), ...urls,
    ...Object.entries(facts).map(([name, value]) => `${name}=${value}`),
  ].join(' ')
  return all.length > said_chars_max ? `${all.slice(0, said_chars_max)}…` : all
}

function evidenceText({ source, strength, counts, first_seen, last_seen, sensors, marks, evidence, next }: CallOutput<typeof sourceEvidence>['data']): string {
  const rows = table(evidence, [
    { title: 'AT', value: (row) => row.at }, { title: '± MS', value: (row) => row.clock_error_ms }, { title: 'SENSOR', value: (row) => row.sensor },
    { title: 'FROM PORT', value: (row) => row.src_port }, { title: 'TO', value: (row) => `${row.transport}/${row.dst_port}` }, { title: 'PROTOCOL', value: (row) => row.protocol },
    { title: 'HANDSHAKE', value: (row) => row.handshake }, { title: 'REQUESTS', value: (row) => row.requests }, { title: 'BYTES IN', value: (row) => row.bytes_in },
    { title: 'GUESS', value: (row) => row.guess && `${row.guess.name} (${row.guess.rule})` }, { title: 'SAID', value: saidOf },
  ])
  return [
    `${source}: ${strength === null ? 'no answering sensor heard it in this period; --from -30d looks further back' : strengthText[strength]}`,
    ...(strength === null ? [] : [`none ${counts.none}, completed ${counts.completed}, dialogue ${counts.dialogue}; first ${first_seen}, last ${last_seen}, by ${sensors} sensors`]),
    ...marks.map(({ kind, list, as_of }) => `may stand for many people: ${kind}, by ${list} of ${as_of}`),
    ...(evidence.length > 0 ? ['', rows] : []),
    ...(next === null ? [] : [`more: --after ${next}`]),
  ].join('\n')
}

function evidenceCommand(program: Command, cli: Cli): void {
  const command = program.command('evidence').description('what answering sensors heard from one address, newest first, and what that proves').argument('<ADDRESS>')
    .option('--after <CURSOR>', '"next" of the page before')
    .addHelpText('after', '\nExample: hirundo evidence 240.0.0.1 --from -7d --format json')
  limit(question(command), 1000).action(async (address: string, options: QuestionOptions & { after?: string }) => {
    const query = { ...queryOf(options), ...limitOf(options), ...(options.after === undefined ? {} : { after: options.after }) }
    const got = take(await (await connect(cli, options)).call(sourceEvidence, { params: { address }, query }))
    heardAnswer(cli, options, got, evidenceText, got.data.content || got.data.evidence.length === 0 ? [] : [NEEDS_SCOPE])
  })
}

interface DrdosOptions extends QuestionOptions {
  readonly definition?: 'ampot' | 'hopscotch'
  readonly packetsMin?: number
  readonly gap?: number
}

function drdosText({ settings: { definition, packets_min, gap_s }, total, attacks }: CallOutput<typeof drdosAttacks>['data']): string {
  return [
    `${total} attacks, ${attacks.length} shown, by ${definition}: at least ${packets_min} requests for one victim and protocol, with no silence longer than ${gap_s} s`,
    table(attacks, [
      { title: 'VICTIM', value: (row) => row.victim }, { title: 'ECONOMY', value: (row) => row.economy }, { title: 'AS', value: (row) => row.asn },
      { title: 'PROTOCOL', value: (row) => row.protocol }, { title: 'START', value: (row) => row.start }, { title: 'END', value: (row) => (row.running ? 'running' : row.end) },
      { title: 'REQUESTS', value: (row) => row.requests }, { title: 'PER MINUTE', value: (row) => row.max_ppm }, { title: 'SENSORS', value: (row) => row.sensors },
      { title: 'PORTS', value: (row) => row.victim_ports.join(' ') },
    ]),
  ].join('\n')
}

function drdosCommand(program: Command, cli: Cli): void {
  const command = program.command('drdos').description('reflection attacks by victim, as answering sensors were asked to take part in them')
    .addOption(new Option('--definition <NAME>', 'ampot: 100 requests, 600 s; hopscotch: 5 requests, 900 s').choices(['ampot', 'hopscotch']))
    .option('--packets-min <N>', 'requests that make an attack', integer(1, 1_000_000))
    .option('--gap <SECONDS>', 'the longest silence within an attack', integer(60, 86_400))
    .addHelpText('after', '\nExample: hirundo drdos --from -7d --definition hopscotch --packets-min 20')
  limit(question(command), 1000).action(async (options: DrdosOptions) => {
    const { definition, packetsMin, gap } = options
    const query = {
      ...queryOf(options), ...limitOf(options), ...(definition === undefined ? {} : { definition }),
      ...(packetsMin === undefined ? {} : { packets_min: packetsMin }), ...(gap === undefined ? {} : { gap_s: gap }),
    }
    heardAnswer(cli, options, take(await (await connect(cli, options)).call(drdosAttacks, { query })), drdosText)
  })
}

/** interactions top and series, evidence, drdos. */
export function interactionCommands(program: Command, cli: Cli): void {
  const interactions = program.command('interactions').description('what answering sensors heard')
  topCommand(interactions, cli)
  seriesCommand(interactions, cli)
  evidenceCommand(program, cli)
  drdosCommand(program, cli)
}
