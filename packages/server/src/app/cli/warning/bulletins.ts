import { isUuid } from '@hirundo/base'
import {
  bulletinSlots, bulletinStates, draftBulletin, getBulletin, languages, listBulletins, previewRecipients,
  type BulletinRow, type BulletinState, type BulletinView, type Language, type PassedOver,
} from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { UsageError } from '../../../platform/operator-error.ts'
import { common, connect, integer, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { idOf } from './options.ts'

/** `text` where it is a bulletin's number or id. Throws UsageError. */
export function bulletinRef(text: string): string {
  if (isUuid(text) || /^HB-\d{4}-\d{4,9}$/i.test(text)) return text
  throw new UsageError(`"${text}" is no number or id of a bulletin.`, 'A number looks like HB-2026-0001; "hirundo bulletins" shows them.')
}

const sentText = ({ deliveries: { sent, waiting, failed } }: BulletinRow): string =>
  [`${sent} sent`, ...(waiting > 0 ? [`${waiting} wait`] : []), ...(failed > 0 ? [`${failed} FAILED`] : [])].join(', ')

const bulletinsTable = (rows: readonly BulletinRow[]): string => table(rows, [
  { title: 'NUMBER', value: (row) => row.number }, { title: 'STATE', value: (row) => row.state }, { title: 'TLP', value: (row) => row.tlp }, { title: 'SEVERITY', value: (row) => row.severity },
  { title: 'KIND', value: (row) => row.kind }, { title: 'TITLE', value: (row) => row.title }, { title: 'RELEASED', value: (row) => row.released_at }, { title: 'BY', value: (row) => row.released_by },
  { title: 'TO', value: (row) => (row.state === 'draft' ? null : sentText(row)) }, { title: 'ID', value: (row) => row.id },
])

/** A bulletin as it is read, in one language. */
function bulletinText(view: BulletinView, language: Language): string {
  const text = view.texts[language]
  const state = view.state === 'draft' ? `draft of ${view.created_at} by ${view.created_by}, version ${view.version}; ${view.edited.includes(language) ? 'a person edited this text' : 'as drafted: nobody edited this text'}`
    : `released ${view.released_at} by ${view.released_by}; ${sentText(view)}${view.state === 'withdrawn' ? `; WITHDRAWN: ${view.withdrawn_why}` : ''}`
  return [
    view.tlp, `${view.number}: ${text.title}`, `${state}${view.simulated ? '; SIMULATED' : ''}; of finding ${view.findings.join(', ')}`,
    ...bulletinSlots.filter((slot) => text[slot] !== '').map((slot) => `${slot.toUpperCase()}\n${text[slot]}`), view.tlp,
  ].join('\n\n')
}

interface ListOptions extends CommonOptions {
  readonly state?: BulletinState
  readonly language: Language
  readonly limit?: number
  readonly after?: string
}

const language = () => new Option('--language <LANGUAGE>', 'of titles and texts').choices(languages).default('en')

function listCommand(program: Command, cli: Cli): void {
  common(program.command('bulletins').description('early-warning bulletins, newest first'))
    .addOption(new Option('--state <STATE>', 'only these').choices(bulletinStates)).addOption(language())
    .option('--limit <N>', 'rows; 100 when left out', integer(1, 1000)).option('--after <CURSOR>', '"next" of the page before')
    .addHelpText('after', '\nExample: hirundo bulletins --state draft --language ja')
    .action(async ({ state, language, limit, after, ...options }: ListOptions) => {
      const given = Object.entries({ state, language, limit, after }).filter(([, value]) => value !== undefined)
      const got = take(await (await connect(cli, options)).call(listBulletins, { query: Object.fromEntries(given) }))
      print(cli, options, got, ({ bulletins, next }) => bulletinsTable(bulletins) + (next === null ? '' : `\nmore: --after ${next}`))
    })
}

const passedWhy: Readonly<Record<PassedOver, string>> = {
  paused: 'it is paused', kind: 'it wants other kinds', port: 'it wants other ports', economy: 'it wants other economies', asn: 'it wants other networks',
  severity: 'it wants only what is more urgent', tlp: 'the TLP is too strict for it',
}

interface ShowOptions extends CommonOptions {
  readonly language: Language
}

/** bulletins, and bulletin with show, draft, recipients. */
export function bulletinCommands(program: Command, cli: Cli): void {
  listCommand(program, cli)
  const bulletin = program.command('bulletin').description('one bulletin; it is edited, released and withdrawn in the pages, by a person')
    .addHelpText('after', '\nExample: hirundo bulletin HB-2026-0001 --language ko')
  const one = (name: string, description: string, options?: { isDefault: boolean }) => common(bulletin.command(name, options).description(description))
  one('show', 'its text', { isDefault: true }).argument('<BULLETIN>', 'number or id').addOption(language()).action(async (text: string, options: ShowOptions) => {
    const id = bulletinRef(text)
    print(cli, options, take(await (await connect(cli, options)).call(getBulletin, { params: { id } })), (view) => bulletinText(view, options.language))
  })
  one('draft', 'draft one from a finding, in every language; the draft that there is when there is one').argument('<FINDING>', 'id as "hirundo findings" shows it').addOption(language())
    .action(async (finding: string, options: ShowOptions) => {
      const id = idOf(finding, 'finding', 'findings')
      print(cli, options, take(await (await connect(cli, options)).call(draftBulletin, { params: { id } })), (view) => bulletinText(view, options.language))
    })
  one('recipients', 'who would get it now, and by which subscription').argument('<BULLETIN>', 'number or id').action(async (text: string, options: CommonOptions) => {
    const id = bulletinRef(text)
    const answer = take(await (await connect(cli, options)).call(previewRecipients, { params: { id } }))
    const { recipients, passed_over } = answer
    if (recipients.length === 0) cli.note('Nobody gets it.\n')
    for (const { name, why } of passed_over) cli.note(`not to ${name}: ${passedWhy[why]}\n`)
    print(cli, options, recipients, (rows) => table(rows, [
      { title: 'SUBSCRIPTION', value: (row) => row.name }, { title: 'CHANNEL', value: (row) => row.channel }, { title: 'TARGET', value: (row) => row.target }, { title: 'ID', value: (row) => row.subscription },
    ]))
  })
}
