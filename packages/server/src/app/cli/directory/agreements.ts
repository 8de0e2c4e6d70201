import { realWorld } from '@hirundo/base'
import {
  addAgreement, agreementStates, approveAgreement, endAgreement, getAgreement, listAgreements, purposes,
  type AgreementState, type AgreementView, type ApiClient, type Purpose,
} from '@hirundo/contract'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, integer, print, several, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { instantOption } from '../observatory/times.ts'
import { findTeam } from './frame.ts'

const stateText = ({ state, expires_soon }: AgreementView): string => `${state === 'in-force' ? state : state.toUpperCase()}${expires_soon ? ', EXPIRES SOON' : ''}`
const partiesText = ({ parties }: AgreementView): string => parties.map(({ team, approved }) => `${team.short_name}${approved === null ? ' (has not approved)' : ''}`).join(', ')

export const agreementsTable = (rows: readonly AgreementView[]): string => table(rows, [
  { title: 'AGREEMENT', value: (row) => row.title }, { title: 'STATE', value: stateText }, { title: 'PARTIES', value: partiesText }, { title: 'OPENS', value: (row) => row.open_kinds.join(',') || null },
  { title: 'EXPIRES', value: (row) => row.expires_at }, { title: 'ID', value: (row) => row.id },
])

function agreementText(row: AgreementView): string {
  return [
    `${row.title}: ${stateText(row)}, ${row.in_force_since === null ? 'not approved by all' : `in force since ${row.in_force_since}`}, expires ${row.expires_at}`,
    `for ${row.purposes.join(', ')}; basis: ${row.legal_basis}; kept ${row.retention_days === null ? 'as the receiver keeps its own' : `${row.retention_days} days`}`,
    `kinds ${row.kinds.join(', ')}; open now: ${row.open_kinds.join(', ') || 'none'}`,
    ...row.parties.map(({ team, discloses, approved }) => `${team.short_name}: ${approved === null ? 'HAS NOT APPROVED' : `approved ${approved.at} by ${approved.by}`}; discloses: ${discloses || '-'}`),
    ...(row.ended === null ? [] : [`ended ${row.ended.at} by ${row.ended.by}: ${row.ended.why}`]), `version ${row.version}, id ${row.id}`,
  ].join('\n')
}

const pages_max = 20

async function all(client: ApiClient, query: { readonly team?: string; readonly state?: AgreementState }): Promise<AgreementView[]> {
  const found: AgreementView[] = []
  let after: string | null = null
  for (let page = 0; page < pages_max; page++) {
    const answer: { agreements: AgreementView[]; next: string | null } = take(await client.call(listAgreements, { query: { ...query, limit: 1000, ...(after === null ? {} : { after }) } }))
    found.push(...answer.agreements)
    after = answer.next
    if (after === null) break
  }
  return found
}

interface AddOptions extends CommonOptions {
  readonly party: readonly string[]
  readonly discloses?: readonly string[]
  readonly purpose: readonly Purpose[]
  readonly legalBasis: string
  readonly kind: readonly string[]
  readonly retention?: number
  readonly expires: string
}

function kindOption(text: string, before: readonly string[] | undefined): readonly string[] {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(text)) throw new InvalidArgumentError('It looks like finding or observation-digest.')
  return [...(before ?? []), text]
}

function writeCommands(agreement: Command, cli: Cli): void {
  common(agreement.command('add').description('draft an agreement; it opens nothing until every party approved').argument('<TITLE>')).requiredOption('--party <TEAM>', 'short name or id; at least two', several)
    .option('--discloses <TEAM=TEXT>', 'what a party has to tell the others', several).addOption(new Option('--purpose <PURPOSE...>', 'what it may be used for').choices(purposes).makeOptionMandatory())
    .requiredOption('--legal-basis <TEXT>', 'on what basis').requiredOption('--kind <KIND>', 'record for which lanes open; may be given several times', kindOption).option('--retention <DAYS>', 'how long it may be kept', integer(1, 36_600))
    .requiredOption('--expires <TIME>', 'when it ends by itself', instantOption(realWorld.now()))
    .addHelpText('after', '\nExample: hirundo agreement add "Findings of XA and XB" --party XA-CSIRT --party XB-CERT --discloses XA-CSIRT="requests of courts" --purpose defence response --legal-basis "Memorandum of 2026" --kind finding --retention 90 --expires 2028-01-01')
    .action(async (title: string, options: AddOptions) => {
      const client = await connect(cli, options)
      const said = new Map((options.discloses ?? []).map((text) => [text.slice(0, text.indexOf('=')).toLowerCase(), text.slice(text.indexOf('=') + 1)]))
      const parties: { team: string; discloses: string }[] = []
      for (const name of options.party) {
        parties.push({ team: (await findTeam(client, name)).id, discloses: said.get(name.toLowerCase()) ?? '' })
        said.delete(name.toLowerCase())
      }
      if (said.size > 0) throw new OperatorError(`"${[...said.keys()][0]}" is no party.`, 'Name it with --party as it is written with --discloses.')
      const body = { title, purposes: [...options.purpose], legal_basis: options.legalBasis, kinds: [...options.kind], retention_days: options.retention ?? null, expires_at: options.expires, parties }
      print(cli, options, take(await client.call(addAgreement, { body })), agreementText)
    })
  common(agreement.command('approve').description('record that a party approves the text; with the last it is in force').argument('<ID>').argument('<TEAM>', 'the party')).requiredOption('--by <NAME>', 'who said so for it')
    .requiredOption('--text-version <N>', 'the version that was read: "hirundo agreement ID" shows it', integer(1, 1_000_000)).addHelpText('after', '\nExample: hirundo agreement approve 0a5d… XB-CERT --by Ren --text-version 1')
    .action(async (id: string, team: string, { by, textVersion, ...options }: CommonOptions & { by: string; textVersion: number }) => {
      const client = await connect(cli, options)
      print(cli, options, take(await client.call(approveAgreement, { params: { id }, body: { team: (await findTeam(client, team)).id, by, version: textVersion } })), agreementText)
    })
  common(agreement.command('end').description('end an agreement at once, for all').argument('<ID>')).requiredOption('--by <NAME>', 'who ends it').requiredOption('--why <TEXT>')
    .addHelpText('after', '\nExample: hirundo agreement end 0a5d… --by Ren --why "a new law"')
    .action(async (id: string, { by, why, ...options }: CommonOptions & { by: string; why: string }) => print(cli, options, take(await (await connect(cli, options)).call(endAgreement, { params: { id }, body: { by, why } })), agreementText))
}

/** agreements, agreement, agreement add, approve, end. */
export function agreementCommands(program: Command, cli: Cli): void {
  common(program.command('agreements').description('what partners agreed, what it opens, and what ends soon')).option('--team <TEAM>', 'only with this party').addOption(new Option('--state <STATE>', 'only these').choices(agreementStates))
    .action(async ({ team, state, ...options }: CommonOptions & { team?: string; state?: AgreementState }) => {
      const client = await connect(cli, options)
      print(cli, options, await all(client, { ...(team === undefined ? {} : { team: (await findTeam(client, team)).id }), ...(state === undefined ? {} : { state }) }), agreementsTable)
    })
  const agreement = common(program.command('agreement').description('one agreement').argument('<ID>', 'as "hirundo agreements" shows it')).addHelpText('after', '\nExample: hirundo agreement 0a5d…')
    .action(async (id: string, options: CommonOptions) => print(cli, options, take(await (await connect(cli, options)).call(getAgreement, { params: { id } })), agreementText))
  writeCommands(agreement, cli)
}
