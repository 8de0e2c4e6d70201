import {
  addContact, addTeam, changeTeam, contactChannels, contactPurposes, getTeam, listTeams, nodeModes, removeContact, removeTeam, teamFields, teamKinds, visibilities,
  type ContactChannel, type ContactPurpose, type Hours, type NewTeam, type NodeMode, type TeamKind, type Visibility,
} from '@hirundo/contract'
import { Argument, InvalidArgumentError, Option, type Command } from 'commander'
import { common, connect, integer, print, take, type Cli, type CommonOptions } from '../frame.ts'
import { findCalendar } from './calendars.ts'
import { findTeam, pairs } from './frame.ts'
import { teamsTable, teamText, whenText } from './team-text.ts'

interface TeamOptions extends CommonOptions {
  readonly name?: string
  readonly kind?: TeamKind
  readonly host?: string
  readonly economy?: string
  readonly timeZone?: string
  readonly website?: string
  readonly established?: string
  readonly node?: NodeMode
  readonly us?: boolean
  readonly simulated?: boolean
  readonly visible?: Readonly<Record<string, string>>
}

function economyOption(text: string): string {
  if (!/^[A-Z]{2}$/.test(text)) throw new InvalidArgumentError('It looks like XA.')
  return text
}

const fieldOptions = (command: Command): Command => command
  .addOption(new Option('--kind <KIND>', 'what it is').choices(teamKinds)).option('--host <NAME>', 'organisation that hosts it').option('--economy <CODE>', 'e.g. XA', economyOption)
  .option('--time-zone <ZONE>', 'IANA name, e.g. Asia/Tokyo').option('--website <URL>', 'http or https').option('--established <DATE>', 'year, month or day')
  .addOption(new Option('--node <NODE>', 'where its node is').choices(nodeModes)).option('--simulated', 'made up, for demonstrations')
  .option('--visible <FIELD=WHO>', `who sees a field (${teamFields.join(', ')}): ${visibilities.join(', ')}; may be given several times`, pairs)

/** What was asked for; an option that is absent leaves the field as it is, an empty one clears it. */
function given(options: TeamOptions): Partial<NewTeam> {
  const texts = { host: options.host, economy: options.economy, time_zone: options.timeZone, website: options.website, established: options.established }
  return {
    ...Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, text === '' ? null : text]]))),
    ...(options.kind === undefined ? {} : { kind: options.kind }), ...(options.node === undefined ? {} : { node: options.node }),
    ...(options.us === undefined ? {} : { own: options.us }), ...(options.simulated === undefined ? {} : { simulated: options.simulated }),
    ...(options.visible === undefined ? {} : { visibility: options.visible as NonNullable<NewTeam['visibility']> }),
  }
}

/** `1-5,09:00-17:30` or `1,3,5,09:00-12:00`; 1 is Monday. */
function hoursOption(text: string): Hours {
  const [, days, from, to] = /^([1-7](?:-[1-7]|(?:,[1-7]){0,6})),(\d{2}:\d{2})-(\d{2}:\d{2})$/.exec(text) ?? []
  if (days === undefined) throw new InvalidArgumentError('It looks like 1-5,09:00-17:30; 1 is Monday.')
  const [first, last] = days.split('-').map(Number) as [number, number]
  const listed = days.includes('-') ? Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i) : days.split(',').map(Number)
  return { days: listed, from: from!, to: to! }
}

interface ContactOptions extends CommonOptions {
  readonly purpose: ContactPurpose
  readonly person?: string
  readonly hours?: Hours
  readonly timeZone?: string
  readonly calendar?: string
  readonly for?: Visibility
}

function contactCommands(team: Command, cli: Cli): void {
  const contact = team.command('contact').description('how a team is reached')
  common(contact.command('add').description('add a point of contact; 24/7 unless it has hours').argument('<TEAM>', 'short name or id')
    .addArgument(new Argument('<CHANNEL>').choices(contactChannels)).argument('<VALUE>', 'address, number or URL'))
    .addOption(new Option('--purpose <PURPOSE>', 'what for').choices(contactPurposes).makeOptionMandatory()).option('--person <NAME>', 'who answers')
    .option('--hours <HOURS>', '1-5,09:00-17:30; 1 is Monday', hoursOption).option('--time-zone <ZONE>', 'of the hours; else the team’s').option('--calendar <NAME>', 'closed on its holidays')
    .addOption(new Option('--for <WHO>', 'who sees it; partners unless said otherwise').choices(visibilities))
    .addHelpText('after', '\nExample: hirundo team contact add XA-CSIRT phone "+999 1 555 0100" --purpose emergency --for partners')
    .action(async (name: string, channel: ContactChannel, value: string, options: ContactOptions) => {
      const client = await connect(cli, options)
      const { id } = await findTeam(client, name)
      const calendar = options.calendar === undefined ? null : (await findCalendar(client, options.calendar)).id
      const made = take(await client.call(addContact, {
        params: { id },
        body: { purpose: options.purpose, channel, value, person: options.person ?? null, hours: options.hours ?? null, time_zone: options.timeZone ?? null, calendar, ...(options.for === undefined ? {} : { visibility: options.for }) },
      }))
      print(cli, options, made, (row) => `${row.purpose}: ${row.value}, ${whenText(row)}, for ${row.visibility} (${row.id})`)
    })
  common(contact.command('remove').description('remove a point of contact').argument('<ID>', 'as "hirundo team TEAM" shows it'))
    .addHelpText('after', '\nExample: hirundo team contact remove 0a5d…')
    .action(async (id: string, options: CommonOptions) => print(cli, options, take(await (await connect(cli, options)).call(removeContact, { params: { id } })), () => `${id} is removed`))
}

function changeCommands(team: Command, cli: Cli): void {
  fieldOptions(common(team.command('add').description('enter a team').argument('<SHORT NAME>').argument('<NAME>'))).option('--us', 'this is us')
    .addHelpText('after', '\nExample: hirundo team add XA-CSIRT "XA National CSIRT" --kind national --economy XA --time-zone Asia/Tokyo --visible website=public')
    .action(async (short_name: string, name: string, options: TeamOptions) => {
      const made = take(await (await connect(cli, options)).call(addTeam, { body: { short_name, name, kind: 'other', ...given(options) } }))
      print(cli, options, made, (row) => `${row.short_name} is entered (${row.id})`)
    })
  fieldOptions(common(team.command('change').description('change what is said; an empty text clears a field').argument('<TEAM>', 'short name or id')))
    .option('--name <NAME>').option('--short-name <NAME>').option('--us', 'this is us').option('--no-us', 'this is not us any more')
    .addHelpText('after', '\nExample: hirundo team change XA-CSIRT --website https://xa-csirt.example --visible website=public')
    .action(async (text: string, options: TeamOptions & { shortName?: string }) => {
      const client = await connect(cli, options)
      const { id } = await findTeam(client, text)
      const { version, name, short_name, kind, host, economy, time_zone, website, established, node, own, simulated, visibility } = take(await client.call(getTeam, { params: { id }, query: {} }))
      const changes = given(options)
      const body = {
        version, name: options.name ?? name, short_name: options.shortName ?? short_name, host, economy, time_zone, website, established, own, simulated, kind: kind!, node: node!, ...changes,
        visibility: { ...visibility, ...changes.visibility },
      }
      print(cli, options, take(await client.call(changeTeam, { params: { id }, body })), teamText)
    })
  common(team.command('remove').description('take a team out of the directory; never our own').argument('<TEAM>', 'short name or id'))
    .addHelpText('after', '\nExample: hirundo team remove XB-CERT')
    .action(async (text: string, options: CommonOptions) => {
      const client = await connect(cli, options)
      const { id, short_name } = await findTeam(client, text)
      print(cli, options, take(await client.call(removeTeam, { params: { id } })), () => `${short_name} is taken out`)
    })
}

const asOption = () => new Option('--as <WHO>', 'what this audience may see').choices(visibilities)

/** teams, team, team add, change, remove, contact. Gives the command that other parts of a team are added to. */
export function teamCommands(program: Command, cli: Cli): Command {
  common(program.command('teams').description('the directory of teams, by short name')).addOption(asOption()).option('--economy <CODE>', 'only of this economy', economyOption)
    .option('--limit <N>', 'rows', integer(1, 1000), 1000).option('--after <CURSOR>', '"next" of the page before')
    .addHelpText('after', '\nExample: hirundo teams --economy XA --as public')
    .action(async ({ as, economy, limit, after, ...options }: CommonOptions & { as?: Visibility; economy?: string; limit: number; after?: string }) => {
      const query = { limit, ...(as === undefined ? {} : { as }), ...(economy === undefined ? {} : { economy }), ...(after === undefined ? {} : { after }) }
      const answer = take(await (await connect(cli, options)).call(listTeams, { query }))
      print(cli, options, answer, ({ teams }) => teamsTable(teams))
      if (answer.next !== null) cli.note(`more: --after ${answer.next}\n`)
    })
  const team = common(program.command('team').description('one team and how it is reached').argument('<TEAM>', 'short name, name or id')).addOption(asOption())
    .addHelpText('after', '\nExample: hirundo team XA-CSIRT --as community')
    .action(async (text: string, { as, ...options }: CommonOptions & { as?: Visibility }) => {
      const client = await connect(cli, options)
      const { id } = await findTeam(client, text)
      print(cli, options, take(await client.call(getTeam, { params: { id }, query: as === undefined ? {} : { as } })), teamText)
    })
  changeCommands(team, cli)
  contactCommands(team, cli)
  return team
}
