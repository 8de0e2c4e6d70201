import { readFile } from 'node:fs/promises'
import { diffPolicy, explainPolicy, getPolicy, languages, POLICY_CHARS_MAX, purposes, type Language, type PolicyDiff, type Purpose, type Tuple, type Viewer } from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { readPolicySet } from '../../../modules/policy/index.ts'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { viewerOf, viewerOptions, type ViewerOptions } from './viewer.ts'

/** A comparison takes Cedar some seconds, more on a machine that has much to do. */
const DIFF_MS_MAX = 300_000

async function fileText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path)
    if (bytes.length > 4 * POLICY_CHARS_MAX) throw new OperatorError(`${path} is too large for a policy set.`, `It may have ${POLICY_CHARS_MAX} characters.`)
    return bytes.toString('utf8')
  } catch (error) {
    if (error instanceof OperatorError) throw error
    throw new OperatorError(`${path} cannot be read: ${(error as Error).message}`, 'Name files with policies in the Cedar language.')
  }
}

const textOf = async (files: readonly string[]): Promise<string> => (await Promise.all(files.map(fileText))).join('\n')

function checkCommand(policy: Command, cli: Cli): void {
  policy.command('check').description('whether files are a policy set; asks no node').argument('<FILE...>')
    .addOption(new Option('--format <FORMAT>', 'text for people, json for programs').choices(['text', 'json']).default('text'))
    .action(async (files: string[], options: { format: 'text' | 'json' }) => {
      const set = readPolicySet(await textOf(files))
      if (!set.ok) throw new OperatorError(`This is no policy set: ${set.problem.detail['policy'] === '' ? '' : `${String(set.problem.detail['policy'])}: `}${String(set.problem.detail['reason'])}`, '')
      const rows = set.value.policies.map(({ id, effect }) => ({ id, effect }))
      print(cli, options, rows, () => table(rows, [{ title: 'POLICY', value: ({ id }) => id }, { title: 'EFFECT', value: ({ effect }) => effect }]))
    })
}

const columns: readonly (readonly [string, keyof Tuple])[] = [
  ['TLP', 'tlp'], ['LAYER', 'layer'], ['WORKS FOR', 'viewer_layers'], ['ROLE', 'role'], ['CIRCLE; VIEWER', 'circle'], ['PURPOSE', 'purpose'], ['TIME', 'time'], ['PAP', 'pap'],
]
const tuples = (rows: readonly Tuple[]): string => table(rows, columns.map(([title, key]) => ({ title, value: (row) => row[key] })))

function diffText({ newly_allowed, newly_refused, allowed, refused, combinations, base_epoch, widens }: PolicyDiff): string {
  const more = (all: number, shown: number): string => (all > shown ? `\n… and ${all - shown} more` : '')
  return [
    `compared with epoch ${base_epoch} over ${combinations} combinations: ${newly_allowed} newly allowed, ${newly_refused} newly refused`,
    ...(newly_allowed === 0 ? [] : [`\nNEWLY ALLOWED\n${tuples(allowed)}${more(newly_allowed, allowed.length)}`]),
    ...(newly_refused === 0 ? [] : [`\nNEWLY REFUSED\n${tuples(refused)}${more(newly_refused, refused.length)}`]),
    widens ? '\nThis allows something new: a second person has to approve it.' : '\nThis allows nothing new: it would be in force at once.',
  ].join('\n')
}

function diffCommand(policy: Command, cli: Cli): void {
  common(policy.command('diff').description('what files would newly allow and refuse against the policy set in force').argument('<FILE...>'))
    .option('--exit-code', 'end with 1 when something is newly allowed')
    .action(async (files: string[], { exitCode, ...options }: CommonOptions & { exitCode?: boolean }) => {
      const diff = take(await (await connect(cli, options, DIFF_MS_MAX)).call(diffPolicy, { body: { text: await textOf(files) } }))
      print(cli, options, diff, diffText)
      if (exitCode && diff.widens) process.exitCode = 1
    })
}

interface ExplainOptions extends CommonOptions, ViewerOptions {
  readonly purpose: Purpose
  readonly at?: string
  readonly lang: Language
}

function explainCommand(policy: Command, cli: Cli): void {
  viewerOptions(common(policy.command('explain').description('why somebody can or cannot see what carries a label').argument('<LABEL>', 'its text, e.g. "TLP:GREEN;layer=operations;circle=own;purpose=any"')))
    .addOption(new Option('--purpose <PURPOSE>', 'what it is asked for').choices(purposes).default('defence'))
    .option('--at <TIME>', 'then instead of now, e.g. 2026-12-31T00:00:00Z').addOption(new Option('--lang <LANGUAGE>', 'of the reasons').choices(languages).default('en'))
    .addHelpText('after', '\nExample: hirundo policy explain "TLP:AMBER;layer=operations;circle=own;purpose=any" --team 5c0d1c1e-0000-4000-8000-000000000000 --role analyst --layer operations --agreed defence')
    .action(async (label: string, options: ExplainOptions) => {
      const viewer: Viewer = viewerOf(options)
      const body = { label, viewer, purpose: options.purpose, ...(options.at === undefined ? {} : { at: options.at }) }
      const answer = take(await (await connect(cli, options)).call(explainPolicy, { body }))
      print(cli, options, answer, ({ allowed, epoch, at, policies }) => [
        `${allowed ? 'ALLOWED' : 'REFUSED'} at ${at}, policy epoch ${epoch}`, ...policies.map(({ id, says }) => `  ${id}: ${says[options.lang]}`),
      ].join('\n'))
    })
}

/** policy show, check, explain, diff. */
export function policyCommands(program: Command, cli: Cli): void {
  const policy = program.command('policy').description('who may see what: the sharing policy')
  common(policy.command('show').description('the policy set in force')).action(async (options: CommonOptions) => {
    print(cli, options, take(await (await connect(cli, options)).call(getPolicy, {})), ({ epoch, since, by, is_default, text }) => `// epoch ${epoch}, since ${since}, by ${by}${is_default ? '; as this version ships it' : ''}\n${text}`)
  })
  checkCommand(policy, cli)
  explainCommand(policy, cli)
  diffCommand(policy, cli)
}
