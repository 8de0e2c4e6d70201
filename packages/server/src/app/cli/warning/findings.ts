import { realWorld } from '@hirundo/base'
import {
  checkFinding, commentFinding, dismissals, findingKinds, findingOwners, findingStates, getFinding, listFindings, setFindingLabel, setFindingOwner, setFindingState, severities, tlps,
  type ApiClient, type Dismissal, type FindingKind, type FindingState, type FindingView, type Severity, type Tlp,
} from '@hirundo/contract'
import { Argument, InvalidArgumentError, Option, type Command } from 'commander'
import { OperatorError, UsageError } from '../../../platform/operator-error.ts'
import { common, connect, integer, print, take, type Cli, type CommonOptions } from '../frame.ts'
import { instantOption } from '../observatory/times.ts'
import { forwards, idOf, subjectOption } from './options.ts'
import { checkText, findingsTable, findingText, listNote, subjectText } from './finding-text.ts'

interface ListOptions extends CommonOptions {
  readonly kind?: FindingKind[]
  readonly severity?: Severity[]
  readonly state?: FindingState[]
  readonly from?: string
  readonly to?: string
  readonly about?: string
  readonly owner?: string
  readonly own?: true
  readonly muted?: true
  readonly order?: 'urgency' | 'newest'
  readonly limit?: number
  readonly after?: string
}

/** Each question of a check reads raw rows. */
const CHECK_MS = 120_000

/** One of several words, given once or often. */
const oneOf = <T extends string>(words: readonly T[]) => (text: string, before: readonly T[] | undefined): readonly T[] => {
  if (!(words as readonly string[]).includes(text)) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`)
  return [...(before ?? []), text as T]
}

function listCommand(program: Command, cli: Cli): void {
  common(program.command('findings').description('findings by urgency: severity, then newest; without records, settled and muted ones unless asked for'))
    .option('--kind <KIND>', `only this kind; may be given several times: ${findingKinds.join(', ')}`, oneOf(findingKinds))
    .option('--severity <SEVERITY>', `only this; may be given several times: ${severities.join(', ')}`, oneOf(severities))
    .option('--state <STATE>', `only this; may be given several times: ${findingStates.join(', ')}`, oneOf(findingStates))
    .option('--from <TIME>', 'that lasted until after this time, e.g. 2026-01-31T06:00:00Z, today, -24h', instantOption(realWorld.now()))
    .option('--to <TIME>', 'that began before this time', instantOption(realWorld.now()))
    .option('--about <SUBJECT>', 'an address, a network, or a port as tcp/23', subjectOption).option('--owner <PERSON>', 'name or id of its owner, or "nobody"')
    .option('--own', 'only about our own networks').option('--muted', 'muted ones too')
    .addOption(new Option('--order <ORDER>', 'urgency when left out').choices(['urgency', 'newest']))
    .option('--limit <N>', 'rows; 100 when left out', integer(1, 1000)).option('--after <CURSOR>', '"next" of the page before')
    .addHelpText('after', '\nExample: hirundo findings --kind rsdos --kind drdos --from -7d --order newest')
    .action(async (options: ListOptions) => {
      forwards(options.from, options.to)
      const client = await connect(cli, options)
      const { kind, severity, state, from, to, about: subject, own, muted, order, limit, after } = options
      const owner = options.owner === undefined || options.owner === 'nobody' ? options.owner : await ownerNamed(client, options.owner)
      const given = Object.entries({ kind, severity, state, from, to, subject, owner, own, muted, order, limit, after }).filter(([, value]) => value !== undefined)
      const asked = Object.fromEntries(given)
      const got = take(await client.call(listFindings, { query: asked }))
      // An empty table beside a hundred scans of the day would look like a node that sees nothing.
      const records = got.total > 0 || severity !== undefined ? undefined : take(await client.call(listFindings, { query: { ...asked, severity: ['record'], limit: 1 } }))
      cli.note(`${listNote(got, records)}\n`)
      print(cli, options, got, ({ findings }) => findingsTable(findings))
    })
}

/** The id of a person who can own a finding. Throws OperatorError when nobody or several are called so. */
async function ownerNamed(client: ApiClient, text: string): Promise<string> {
  const { people } = take(await client.call(findingOwners, {}))
  const byId = people.find(({ id }) => id === text)
  const named = people.filter(({ name }) => name === text)
  if (byId) return byId.id
  if (named.length === 1) return named[0]!.id
  const names = people.map(({ id, name }) => `${name} (${id})`).join(', ')
  throw new OperatorError(named.length === 0 ? `Nobody who can own a finding is called "${text}".` : `Several people are called "${text}".`, `It may be one of: ${names === '' ? 'nobody yet' : names}.`)
}

const done = (view: FindingView): string =>
  `${view.kind}, ${subjectText(view.subject)}: ${view.state}${view.dismissal === null ? '' : ` (${view.dismissal})`}; ${view.owner === null ? 'nobody owns it' : `owner ${view.owner.name}`}; ${view.tlp}${view.simulated ? '; SIMULATED' : ''}`

/** A subcommand of `finding` that takes an id. */
const ofFinding = (finding: Command, name: string, description: string, example: string): Command =>
  common(finding.command(name).description(description).argument('<ID>', 'as "hirundo findings" shows it')).addHelpText('after', `\nExample: hirundo finding ${name} ${example}`)

const checkedId = (id: string): string => idOf(id, 'finding', 'findings')

const EXAMPLE_ID = '4b1c6f0e-2f0d-4d59-9d0b-3c1f6f1f2a77'

interface MoveOptions extends CommonOptions {
  readonly text?: string
  readonly why?: Dismissal
  readonly from?: FindingState
}

function moveCommands(finding: Command, cli: Cli): void {
  const move = (name: string, state: FindingState, description: string, example = EXAMPLE_ID): Command => {
    const command = ofFinding(finding, name, description, example).addOption(new Option('--from <STATE>', 'only if it still is in this state, as you saw it').choices(findingStates))
    return command.action(async (id: string, { text, why, from, ...options }: MoveOptions) => {
      checkedId(id)
      const body = { state, ...(text === undefined ? {} : { text }), ...(why === undefined ? {} : { dismissal: why }), ...(from === undefined ? {} : { from }) }
      print(cli, options, take(await (await connect(cli, options)).call(setFindingState, { params: { id }, body })), done)
    })
  }
  const text = (command: Command): Command => command.option('--text <TEXT>', 'what others should know; goes into its history')
  text(move('triage', 'triaged', 'somebody looked at it and it is worth more'))
  text(move('confirm', 'confirmed', 'it is what the detector says'))
  text(move('dismiss', 'dismissed', 'it is not, or it does not matter; more of the same stays quiet for a while', `${EXAMPLE_ID} --why known-scanner`))
    .addOption(new Option('--why <WHY>', 'false-alarm and not-significant count against the detector’s precision').choices(dismissals).makeOptionMandatory())
  text(move('close', 'closed', 'all is done; only what was judged can be closed'))
  move('reopen', 'triaged', 'open again what was judged or closed', `${EXAMPLE_ID} --text "it came back"`).requiredOption('--text <TEXT>', 'why; goes into its history')
}

interface OwnOptions extends CommonOptions {
  readonly nobody?: true
}

function workCommands(finding: Command, cli: Cli): void {
  ofFinding(finding, 'own', 'give it to a person', `${EXAMPLE_ID} "Ai Sato"`).argument('[PERSON]', 'name or id').option('--nobody', 'take it from whoever owns it')
    .action(async (id: string, person: string | undefined, options: OwnOptions) => {
      if ((person === undefined) === (options.nobody === undefined)) throw new UsageError('Give it either to a person or to nobody.', 'hirundo finding own ID NAME, or --nobody.')
      checkedId(id)
      const client = await connect(cli, options)
      const body = { person: person === undefined ? null : await ownerNamed(client, person) }
      print(cli, options, take(await client.call(setFindingOwner, { params: { id }, body })), done)
    })
  ofFinding(finding, 'label', 'set its TLP', `${EXAMPLE_ID} TLP:GREEN`).addArgument(new Argument('<TLP>', 'TLP 2.0').choices(tlps))
    .action(async (id: string, tlp: Tlp, options: CommonOptions) => {
      print(cli, options, take(await (await connect(cli, options)).call(setFindingLabel, { params: { id: checkedId(id) }, body: { tlp } })), done)
    })
  ofFinding(finding, 'comment', 'add a comment to its history', `${EXAMPLE_ID} "asked the operator"`).argument('<TEXT>')
    .action(async (id: string, text: string, options: CommonOptions) => {
      print(cli, options, take(await (await connect(cli, options)).call(commentFinding, { params: { id: checkedId(id) }, body: { text } })), ({ at, by }) => `noted ${at} by ${by}`)
    })
  ofFinding(finding, 'check', 'ask the store again by the stored questions and compare', EXAMPLE_ID)
    .action(async (id: string, options: CommonOptions) => {
      print(cli, options, take(await (await connect(cli, options, CHECK_MS)).call(checkFinding, { params: { id: checkedId(id) } })), checkText)
    })
}

/** findings, and finding with what people do with it. */
export function findingCommands(program: Command, cli: Cli): void {
  listCommand(program, cli)
  const finding = program.command('finding').description('one finding: why it was raised, evidence and history; and what people do with it')
    .addHelpText('after', `\nExample: hirundo finding ${EXAMPLE_ID}`)
  common(finding.command('show', { isDefault: true }).description('why it was raised, evidence, history and similar ones').argument('<ID>', 'as "hirundo findings" shows it'))
    .action(async (id: string, options: CommonOptions) => {
      print(cli, options, take(await (await connect(cli, options)).call(getFinding, { params: { id: checkedId(id) } })), findingText)
    })
  moveCommands(finding, cli)
  workCommands(finding, cli)
}
