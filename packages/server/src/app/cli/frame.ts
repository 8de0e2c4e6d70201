import { parseCidr, type Cidr } from '@hirundo/base'
import { apiClient, type ApiClient, type ApiProblem, type ApiResult } from '@hirundo/contract'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { resolve } from 'node:path'
import { readRunning } from '../../platform/data-directory.ts'
import { escapeControls } from '../../platform/log/log.ts'
import { OperatorError, UsageError } from '../../platform/operator-error.ts'
import { readAdminToken } from '../first-token.ts'

/** What a command may touch of the world outside; tests give their own. */
export interface Cli {
  readonly environment: NodeJS.ProcessEnv
  /** Results: stdout. */
  out(text: string): void
  /** Everything else: stderr. */
  note(text: string): void
  /** What is piped in; absent: nothing is. */
  input?(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** What every command that talks to a node takes. */
export interface CommonOptions {
  readonly data?: string
  readonly url?: string
  readonly format: 'text' | 'json'
}

export const DEFAULT_DATA_DIR = '.hirundo'

/** Adds `--url`, `--data` and `--format` to a command. */
export function common(command: Command): Command {
  return command
    .addOption(new Option('--url <URL>', 'the node; else HIRUNDO_URL, else the node that runs on --data'))
    .addOption(new Option('--data <DIR>', 'data directory of a node on this machine; else HIRUNDO_DATA'))
    .addOption(new Option('--format <FORMAT>', 'text for people, json for programs').choices(['text', 'json']).default('text'))
}

export const dataDirOf = (cli: Cli, options: { readonly data?: string }): string =>
  resolve(options.data ?? cli.environment['HIRUNDO_DATA'] ?? DEFAULT_DATA_DIR)

/** A whole number between `min` and `max`, for commander. */
export const integer = (min: number, max: number) => (text: string): number => {
  const value = Number(text)
  if (!/^-?\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  return value
}

/** Collects an option that may be given several times. */
export const several = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text]

/** Networks of options as `192.0.2.0/24,198.51.100.0/24`, given once or often. Throws UsageError. */
export function networksOf(texts: readonly string[]): Cidr[] {
  return texts.flatMap((text) => text.split(',')).filter((text) => text !== '').map((text) => {
    const cidr = parseCidr(text)
    if (!cidr.ok) throw new UsageError(`"${text}" is no network.`, 'It looks like 192.0.2.0/24; host bits must be zero.')
    return cidr.value
  })
}

/** The language of the terminal, as BCP 47, for the node's texts. */
function languageOf(environment: NodeJS.ProcessEnv): string {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || 'en'
  const tag = locale.replace(/\..*$/, '').replaceAll('_', '-')
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : 'en'
}

/** A client of the node that the options and the environment name. Throws OperatorError when there is none. */
export async function connect(cli: Cli, options: CommonOptions, timeout_ms?: number): Promise<ApiClient> {
  const data_dir = dataDirOf(cli, options)
  const url = options.url ?? cli.environment['HIRUNDO_URL'] ?? (await readRunning(data_dir))?.url
  if (url === undefined) {
    throw new OperatorError(`No node is known: HIRUNDO_URL is not set and none runs on ${data_dir}.`, 'Set HIRUNDO_URL and HIRUNDO_TOKEN, or start one with "hirundo start".')
  }
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new OperatorError(`"${url}" is not the URL of a node.`, 'It looks like https://node.example.')
  const token = cli.environment['HIRUNDO_TOKEN'] ?? (await readAdminToken(data_dir))
  return apiClient({
    url, language: languageOf(cli.environment),
    ...(token === undefined ? {} : { token }), ...(timeout_ms === undefined ? {} : { timeout_ms }),
  })
}

const nextSteps: Readonly<Record<string, string>> = {
  'auth/required': 'Set HIRUNDO_TOKEN to a token of this node ("hirundo token create" makes one).',
  'auth/forbidden': 'Use a token with the scope that is named, or ask your administrator for one.',
  'finding/not-found': '"hirundo findings" shows them, with --severity record also records.',
  'bulletin/not-found': '"hirundo bulletins" shows them.',
  'mute/not-found': '"hirundo mutes" shows the rules that hold.',
  'sensor/name-taken': 'A live sensor has this name: choose another with --sensor.',
  unreachable: 'Is it running? "hirundo start" starts one; "hirundo doctor" looks for reasons.',
  'node/unavailable': 'Try again in a moment; "hirundo status" says which part is away.',
}

function explain(problem: ApiProblem): OperatorError {
  const { title, detail } = problem
  const said = detail === '' ? `${title}.` : /[.。]$/.test(detail) ? `${title}: ${detail}` : `${title} (${detail}).`
  const trace = problem.instance === '' ? '' : ` [${problem.code}, ${problem.instance.replace('urn:uuid:', '')}]`
  return new OperatorError(`${said}${trace}`, nextSteps[problem.code] ?? '')
}

/** The value of an answer. Throws OperatorError with the node's own words and the next step. */
export function take<T>(result: ApiResult<T>): T {
  if (result.ok) return result.value
  throw explain(result.problem)
}

/** Prints `value` as JSON, or what `text` makes of it, as the options ask; text is made safe for terminals. */
export function print<T>(cli: Cli, options: { readonly format: 'text' | 'json' }, value: T, text: (value: T) => string): void {
  if (options.format === 'json') cli.out(`${JSON.stringify(value)}\n`)
  else cli.out(`${text(value).split('\n').map(escapeControls).join('\n')}\n`)
}

/** Display width: East Asian wide characters take two cells. */
function width(text: string): number {
  let cells = 0
  for (const c of text) cells += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(c) ? 2 : 1
  return cells
}

export interface TableColumn<T> {
  readonly title: string
  readonly value: (row: T) => string | number | null | undefined
}

/** A plain table: numbers to the right, no lines. Absent values are `-`. */
export function table<T>(rows: readonly T[], columns: readonly TableColumn<T>[]): string {
  const cells = rows.map((row) => columns.map(({ value }) => value(row)))
  const texts = [columns.map(({ title }) => title), ...cells.map((line) => line.map((cell) => String(cell ?? '-')))]
  const widths = columns.map((_, i) => Math.max(...texts.map((line) => width(line[i]!))))
  const right = columns.map((_, i) => cells.length > 0 && cells.every((line) => typeof line[i] === 'number' || line[i] == null))
  return texts.map((line) => line.map((text, i) => {
    const pad = ' '.repeat(widths[i]! - width(text))
    return right[i] ? pad + text : text + pad
  }).join('  ').trimEnd()).join('\n')
}
