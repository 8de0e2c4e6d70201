import { realWorld } from '@hirundo/base'
import {
  approveOverlap, claimConstituency, constituencyKinds, constituencyOwner, constituencyProofs, constituencyStates, decideConstituency, endOverlap, listConstituencies, listOverlaps, visibilities, withdrawConstituency,
  type ApiClient, type ConstituencyKind, type ConstituencyProof, type ConstituencyState, type ConstituencyView, type Overlap, type Visibility,
} from '@hirundo/contract'
import { Argument, Option, type Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, integer, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { instantOption } from '../observatory/times.ts'
import { findTeam } from './frame.ts'

export const placeText = ({ kind, value }: { readonly kind: ConstituencyKind; readonly value: string }): string => (kind === 'asn' ? `AS${value}` : value)
const stateText = ({ state }: Pick<ConstituencyView, 'state'>): string => (state === 'verified' ? state : state.toUpperCase())
const decidedText = ({ decided }: ConstituencyView): string | null => decided && `${decided.how}, ${decided.by}, ${decided.at.slice(0, 10)}`

export const constituenciesTable = (rows: readonly ConstituencyView[]): string => table(rows, [
  { title: 'TEAM', value: (row) => row.team.short_name }, { title: 'KIND', value: (row) => row.kind }, { title: 'CONSTITUENCY', value: placeText }, { title: 'STATE', value: stateText },
  { title: 'DECIDED', value: decidedText }, { title: 'FOR', value: (row) => row.visibility }, { title: 'ID', value: (row) => row.id },
])
const overlapsTable = (rows: readonly Overlap[]): string => table(rows, [
  { title: 'TEAM', value: (row) => row.wider.team.short_name }, { title: 'HOLDS', value: (row) => placeText(row.wider) }, { title: 'STATE', value: (row) => stateText(row.wider) },
  { title: 'TEAM', value: (row) => row.narrower.team.short_name }, { title: 'WITHIN', value: (row) => placeText(row.narrower) }, { title: 'STATE', value: (row) => stateText(row.narrower) },
  { title: 'AGREED', value: (row) => (row.agreed ? 'yes' : row.approved_by.length === 0 ? 'NO' : `NO, only ${row.approved_by[0]!.team.short_name}`) }, { title: 'IDS', value: (row) => `${row.wider.id} ${row.narrower.id}` },
])

interface ListOptions extends CommonOptions {
  readonly team?: string
  readonly state?: ConstituencyState
  readonly kind?: ConstituencyKind
  readonly limit: number
  readonly after?: string
}
interface DecideOptions extends CommonOptions {
  readonly how: ConstituencyProof
  readonly by?: string
  readonly at?: string
  readonly text?: string
}

function decisionCommand(constituency: Command, cli: Cli, name: string, state: 'verified' | 'rejected', description: string): void {
  common(constituency.command(name).description(description).argument('<ID>', 'as "hirundo constituencies" shows it')).addOption(new Option('--how <HOW>', 'what it rests on').choices(constituencyProofs).makeOptionMandatory())
    .option('--by <NAME>', 'who looked; else you').option('--at <TIME>', 'when; else now', instantOption(realWorld.now())).option('--text <TEXT>', 'what others should know')
    .addHelpText('after', `\nExample: hirundo constituency ${name} 0a5d… --how registry --by Mio`)
    .action(async (id: string, { how, by, at, text, ...options }: DecideOptions) => {
      const body = { state, how, ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }), ...(text === undefined ? {} : { text }) }
      print(cli, options, take(await (await connect(cli, options)).call(decideConstituency, { params: { id }, body })), (row) => `${placeText(row)} of ${row.team.short_name}: ${stateText(row)} (${decidedText(row)})`)
    })
}

function claimCommands(constituency: Command, cli: Cli): void {
  common(constituency.command('claim').description('enter what a team says it answers for').argument('<TEAM>', 'short name or id').addArgument(new Argument('<KIND>').choices(constituencyKinds)).argument('<VALUE...>', 'e.g. 203.0.113.0/24, AS64500, csirt.example, XA'))
    .addOption(new Option('--for <WHO>', 'who sees it').choices(visibilities)).addHelpText('after', '\nExample: hirundo constituency claim XA-CSIRT cidr 203.0.113.0/24 198.51.100.0/24')
    .action(async (team: string, kind: ConstituencyKind, values: readonly string[], options: CommonOptions & { for?: Visibility }) => {
      const client = await connect(cli, options)
      const { id } = await findTeam(client, team)
      const made: ConstituencyView[] = []
      for (const value of values) made.push(take(await client.call(claimConstituency, { params: { id }, body: { kind, value, ...(options.for === undefined ? {} : { visibility: options.for }) } })))
      print(cli, options, made, constituenciesTable)
    })
  decisionCommand(constituency, cli, 'verify', 'verified', 'record that a claim is right: who looked, when, by what')
  decisionCommand(constituency, cli, 'reject', 'rejected', 'record that a claim is not right')
  common(constituency.command('withdraw').description('take a claim back').argument('<ID>', 'as "hirundo constituencies" shows it')).addHelpText('after', '\nExample: hirundo constituency withdraw 0a5d…')
    .action(async (id: string, options: CommonOptions) => print(cli, options, take(await (await connect(cli, options)).call(withdrawConstituency, { params: { id } })), () => `${id} is taken back`))
}

/** The overlap of two claims. Throws OperatorError when there is none. */
async function findOverlap(client: ApiClient, one: string, other: string): Promise<Overlap> {
  const found = take(await client.call(listOverlaps, {})).overlaps.find(({ wider, narrower }) => [wider.id, narrower.id].toSorted().join() === [one, other].toSorted().join())
  if (!found) throw new OperatorError('These two do not overlap.', '"hirundo constituency overlaps" shows what does, with ids.')
  return found
}

function overlapCommands(constituency: Command, cli: Cli): void {
  common(constituency.command('overlaps').description('claims of different teams that hold the same')).action(async (options: CommonOptions) => {
    const answer = take(await (await connect(cli, options)).call(listOverlaps, {}))
    print(cli, options, answer, ({ overlaps }) => overlapsTable(overlaps))
    if (answer.more) cli.note('there are more\n')
  })
  common(constituency.command('agree').description('record that one of the two teams agrees to an overlap').argument('<ID>').argument('<OTHER ID>').argument('<TEAM>', 'the one that agrees'))
    .requiredOption('--by <NAME>', 'who said so for the team').addHelpText('after', '\nExample: hirundo constituency agree 0a5d… 77f1… XB-CERT --by Ren')
    .action(async (one: string, other: string, team: string, { by, ...options }: CommonOptions & { by: string }) => {
      const client = await connect(cli, options)
      const { wider, narrower } = await findOverlap(client, one, other)
      const body = { wider: wider.id, narrower: narrower.id, team: (await findTeam(client, team)).id, by }
      print(cli, options, take(await client.call(approveOverlap, { body })), (row) => overlapsTable([row]))
    })
  common(constituency.command('disagree').description('end what was agreed about an overlap; the later of two verified is claimed only again').argument('<ID>').argument('<OTHER ID>'))
    .addHelpText('after', '\nExample: hirundo constituency disagree 0a5d… 77f1…')
    .action(async (one: string, other: string, options: CommonOptions) => {
      const client = await connect(cli, options)
      const { wider, narrower } = await findOverlap(client, one, other)
      print(cli, options, take(await client.call(endOverlap, { body: { wider: wider.id, narrower: narrower.id } })), (row) => overlapsTable([row]))
    })
}

/** constituencies, constituency claim, verify, reject, withdraw, overlaps, agree, disagree, owner. */
export function constituencyCommands(program: Command, cli: Cli): void {
  common(program.command('constituencies').description('who says they answer for what, and what was made sure of')).option('--team <TEAM>', 'only of this team').addOption(new Option('--state <STATE>', 'only these').choices(constituencyStates))
    .addOption(new Option('--kind <KIND>', 'only these').choices(constituencyKinds)).option('--limit <N>', 'rows', integer(1, 1000), 1000).option('--after <CURSOR>', '"next" of the page before')
    .addHelpText('after', '\nExample: hirundo constituencies --state claimed')
    .action(async ({ team, state, kind, limit, after, ...options }: ListOptions) => {
      const client = await connect(cli, options)
      const query = { limit, ...(team === undefined ? {} : { team: (await findTeam(client, team)).id }), ...(state === undefined ? {} : { state }), ...(kind === undefined ? {} : { kind }), ...(after === undefined ? {} : { after }) }
      const answer = take(await client.call(listConstituencies, { query }))
      print(cli, options, answer, ({ constituencies }) => constituenciesTable(constituencies))
      if (answer.next !== null) cli.note(`more: --after ${answer.next}\n`)
    })
  const constituency = program.command('constituency').description('what teams answer for')
  claimCommands(constituency, cli)
  overlapCommands(constituency, cli)
  common(constituency.command('owner').description('whose verified constituency an address is in; an economy alone is nobody’s').argument('<ADDRESS>')).option('--asn <ASN>', 'its AS', integer(1, 4_294_967_294)).option('--economy <CODE>', 'its economy')
    .addHelpText('after', '\nExample: hirundo constituency owner 203.0.113.9 --asn 64500 --economy XA')
    .action(async (address: string, { asn, economy, ...options }: CommonOptions & { asn?: number; economy?: string }) => {
      const query = { address, ...(asn === undefined ? {} : { asn }), ...(economy === undefined ? {} : { economy }) }
      print(cli, options, take(await (await connect(cli, options)).call(constituencyOwner, { query })), ({ owners, not_routed }) => [
        ...(owners.length === 0 ? ['nobody'] : owners.map((one) => `${one.team.short_name}, by ${placeText(one)}`)),
        ...not_routed.map((one) => `not ${one.team.short_name}: ${placeText(one)} is ${one.why === 'unverified' ? 'not verified' : 'an economy, which alone routes nothing'}`),
      ].join('\n'))
    })
}
