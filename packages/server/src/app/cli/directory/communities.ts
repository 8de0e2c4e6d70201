import { realWorld } from '@hirundo/base'
import {
  addCommunity, carveOuts, changeCommunity, getCommunity, listCommunities, listMembershipEvents, membershipScopes, recordMembership,
  type ApiClient, type CarveOut, type CommunityView, type EconomyNames, type MembershipEvent, type MembershipKind, type MembershipScope, type MembershipView, type NewMembershipEvent,
} from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { common, connect, integer, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { instantOption } from '../observatory/times.ts'
import { findTeam, oneOf, pairs } from './frame.ts'

async function findCommunity(client: ApiClient, text: string): Promise<CommunityView> {
  const { id } = oneOf(take(await client.call(listCommunities, {})).communities, text, ({ name, short_name }) => [short_name, name], 'community', 'hirundo communities')
  return take(await client.call(getCommunity, { params: { id } }))
}

export function standingText({ standing: { member, suspensions } }: MembershipView): string {
  const taken = suspensions.map(({ scopes, carve_outs, review_on, review_due }) => `SUSPENDED from ${scopes.join(', ')}${carve_outs.length === 0 ? '' : ` but ${carve_outs.join(', ')}`}; review ${review_on}${review_due ? ' DUE' : ''}`)
  return [member ? 'member' : 'not a member', ...taken].join('; ')
}
export const membershipsTable = (rows: readonly MembershipView[]): string => table(rows, [
  { title: 'COMMUNITY', value: (row) => row.community.short_name }, { title: 'TEAM', value: (row) => row.team.short_name }, { title: 'SINCE', value: (row) => row.standing.since?.slice(0, 10) }, { title: 'STANDING', value: standingText },
  { title: 'BY', value: ({ standing }) => standing.suspensions.map(({ decided_by, legal_basis }) => `${decided_by}: ${legal_basis}`).join('; ') || null },
])
const eventsTable = (rows: readonly MembershipEvent[]): string => table(rows, [
  { title: 'AT', value: (row) => row.at }, { title: 'TEAM', value: (row) => row.team.short_name }, { title: 'WHAT', value: (row) => row.kind }, { title: 'SCOPES', value: (row) => row.scopes.join(',') || null },
  { title: 'BUT', value: (row) => row.carve_outs.join(',') || null }, { title: 'DECIDED BY', value: (row) => row.decided_by }, { title: 'BASIS', value: (row) => row.legal_basis }, { title: 'REVIEW', value: (row) => row.review_on },
  { title: 'RECORDED', value: (row) => `${row.recorded_at} ${row.recorded_by}` },
])

function communityText(view: CommunityView): string {
  const names = Object.entries(view.economy_names).map(([language, own]) => `${language}: ${Object.entries(own).map(([code, name]) => `${code} ${name}`).join(', ')}`)
  return [
    `${view.short_name}: ${view.name}; founder ${view.founder?.short_name ?? '-'}; ${view.members} members, ${view.suspended} suspended in part (${view.id})`, ...(view.description === null ? [] : [view.description]), ...names, '',
    ...(view.memberships.length === 0 ? ['No member.'] : [membershipsTable(view.memberships)]),
  ].join('\n')
}

interface FieldOptions extends CommonOptions {
  readonly name?: string
  readonly founder?: string
  readonly description?: string
}

function communityFields(program: Command, cli: Cli): void {
  common(program.command('communities').description('forums that teams are members of')).action(async (options: CommonOptions) => {
    const { communities } = take(await (await connect(cli, options)).call(listCommunities, {}))
    print(cli, options, communities, (rows) => table(rows, [
      { title: 'COMMUNITY', value: (row) => row.short_name }, { title: 'NAME', value: (row) => row.name }, { title: 'FOUNDER', value: (row) => row.founder?.short_name }, { title: 'MEMBERS', value: (row) => row.members },
      { title: 'SUSPENDED', value: (row) => row.suspended }, { title: 'ID', value: (row) => row.id },
    ]))
  })
  const community = common(program.command('community').description('one community, its members and what each may do').argument('<COMMUNITY>', 'short name or id'))
    .addHelpText('after', '\nExample: hirundo community NORTH')
    .action(async (text: string, options: CommonOptions) => print(cli, options, await findCommunity(await connect(cli, options), text), communityText))
  common(community.command('add').description('enter a community').argument('<SHORT NAME>').argument('<NAME>')).option('--founder <TEAM>', 'short name or id').option('--description <TEXT>')
    .addHelpText('after', '\nExample: hirundo community add NORTH "Forum of the North" --founder XA-CSIRT')
    .action(async (short_name: string, name: string, { founder, description, ...options }: FieldOptions) => {
      const client = await connect(cli, options)
      const body = { short_name, name, founder: founder === undefined ? null : (await findTeam(client, founder)).id, description: description ?? null }
      print(cli, options, take(await client.call(addCommunity, { body })), communityText)
    })
  common(community.command('change').description('change what is said of a community').argument('<COMMUNITY>', 'short name or id')).option('--name <NAME>').option('--founder <TEAM>', 'short name or id').option('--description <TEXT>')
    .addHelpText('after', '\nExample: hirundo community change NORTH --founder XB-CERT')
    .action(async (text: string, { name, founder, description, ...options }: FieldOptions) => {
      const client = await connect(cli, options)
      const before = await findCommunity(client, text)
      const body = { ...bodyOf(before), ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }), ...(founder === undefined ? {} : { founder: (await findTeam(client, founder)).id }) }
      print(cli, options, take(await client.call(changeCommunity, { params: { id: before.id }, body })), communityText)
    })
  common(community.command('names').description('how the community itself writes names of economies; an empty name takes one out').argument('<COMMUNITY>', 'short name or id').argument('<LANGUAGE>', 'BCP 47').argument('<CODE=NAME...>'))
    .addHelpText('after', '\nExample: hirundo community names NORTH ja XA=クサ諸島 XB=クスビ')
    .action(async (text: string, language: string, given: readonly string[], options: CommonOptions) => {
      const client = await connect(cli, options)
      const before = await findCommunity(client, text)
      const all = { ...before.economy_names[language], ...given.reduce<Readonly<Record<string, string>>>((sum, one) => pairs(one, sum), {}) }
      const economy_names: EconomyNames = { ...before.economy_names, [language]: Object.fromEntries(Object.entries(all).filter(([, name]) => name !== '')) }
      print(cli, options, take(await client.call(changeCommunity, { params: { id: before.id }, body: { ...bodyOf(before), economy_names } })), communityText)
    })
}
const bodyOf = ({ version, name, short_name, founder, description, economy_names }: CommunityView) => ({ version, name, short_name, founder: founder?.id ?? null, description, economy_names })

interface EventOptions extends CommonOptions {
  readonly at?: string
  readonly scope?: readonly MembershipScope[]
  readonly but?: readonly CarveOut[]
  readonly legalBasis?: string
  readonly decidedBy?: string
  readonly review?: string
  readonly text?: string
}

function eventCommand(membership: Command, cli: Cli, name: string, kind: MembershipKind, description: string, example: string): void {
  const command = common(membership.command(name).description(description).argument('<COMMUNITY>', 'short name or id').argument('<TEAM>', 'short name or id')).option('--at <TIME>', 'from when on; else now', instantOption(realWorld.now())).option('--text <TEXT>', 'what others should know')
    .option('--decided-by <NAME>', 'who decided').option('--legal-basis <TEXT>', 'on what basis')
  if (kind === 'suspended' || kind === 'reinstated') command.addOption(new Option('--scope <SCOPE...>', kind === 'suspended' ? 'what is taken away; all unless said otherwise' : 'what is given back; all unless said otherwise').choices(membershipScopes))
  if (kind === 'suspended') command.addOption(new Option('--but <WHAT...>', 'what passes all the same').choices(carveOuts)).option('--review <DATE>', 'when it is looked at again')
  command.addHelpText('after', `\nExample: hirundo membership ${name} ${example}`).action(async (community: string, team: string, options: EventOptions) => {
    const client = await connect(cli, options)
    const { id } = await findCommunity(client, community)
    const { at, scope, but, legalBasis, decidedBy, review, text } = options
    const body: NewMembershipEvent = {
      team: (await findTeam(client, team)).id, kind, ...(at === undefined ? {} : { at }), ...(text === undefined ? {} : { text }), ...(legalBasis === undefined ? {} : { legal_basis: legalBasis }), ...(decidedBy === undefined ? {} : { decided_by: decidedBy }),
      ...(scope === undefined ? (kind === 'suspended' ? { scopes: [...membershipScopes] } : {}) : { scopes: [...scope] }), ...(but === undefined ? {} : { carve_outs: [...but] }), ...(review === undefined ? {} : { review_on: review }),
    }
    print(cli, options, take(await client.call(recordMembership, { params: { id }, body })), (row) => `${row.team.short_name} in ${row.community.short_name}: ${standingText(row)}`)
  })
}

/** communities, community, membership join, suspend, reinstate, leave, events. */
export function communityCommands(program: Command, cli: Cli): void {
  communityFields(program, cli)
  const membership = program.command('membership').description('what happens to memberships; nothing that was recorded is changed or removed')
  eventCommand(membership, cli, 'join', 'joined', 'record that a team joined', 'NORTH XA-CSIRT --at 2020-04-01')
  eventCommand(membership, cli, 'suspend', 'suspended', 'record that a team is suspended, in this community and nowhere else', 'NORTH XA-CSIRT --scope receive send --legal-basis "Bylaws 7" --decided-by "Steering committee" --review 2027-02-01 --but public-advisories')
  eventCommand(membership, cli, 'reinstate', 'reinstated', 'record that what was taken away is given back', 'NORTH XA-CSIRT --scope send --decided-by "Steering committee"')
  eventCommand(membership, cli, 'leave', 'left', 'record that a team left', 'NORTH XA-CSIRT')
  common(membership.command('events').description('all that was recorded, newest first').argument('<COMMUNITY>', 'short name or id')).option('--team <TEAM>', 'only of this team').option('--limit <N>', 'rows', integer(1, 1000), 100).option('--after <CURSOR>', '"next" of the page before')
    .addHelpText('after', '\nExample: hirundo membership events NORTH --team XA-CSIRT')
    .action(async (text: string, { team, limit, after, ...options }: CommonOptions & { team?: string; limit: number; after?: string }) => {
      const client = await connect(cli, options)
      const query = { limit, ...(team === undefined ? {} : { team: (await findTeam(client, team)).id }), ...(after === undefined ? {} : { after }) }
      const answer = take(await client.call(listMembershipEvents, { params: { id: (await findCommunity(client, text)).id }, query }))
      print(cli, options, answer, ({ events }) => eventsTable(events))
      if (answer.next !== null) cli.note(`more: --after ${answer.next}\n`)
    })
}
