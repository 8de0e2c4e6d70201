import { readFile, stat } from 'node:fs/promises'
import {
  addDecoy, addressMarkKinds, indicatorKinds, listDecoys, listMarks, loadMarks, removeDecoy, removeMarks, setIndicatorKey, sharedIndicators,
  type AddressMarkKind, type ApiClient, type DecoyView,
} from '@hirundo/contract'
import { Argument, Option, type Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { heardAnswer, limit, limitOf, queryOf, question, type QuestionOptions } from './question.ts'

const mark_file_bytes_max = 16 * 1024 * 1024
const key_text_bytes_max = 4096
/** Of 32 to 64 bytes in base64. */
const key_chars = { min: 43, max: 88 }

/** The decoy of a network or id. Throws OperatorError when there is none. */
async function findDecoy(client: ApiClient, text: string): Promise<DecoyView> {
  const { decoys } = take(await client.call(listDecoys, {}))
  const found = decoys.find(({ id, network }) => [id, network, network.replace(/\/(32|128)$/, '')].includes(text.toLowerCase()))
  if (!found) throw new OperatorError('No decoy of the register is called that.', '"hirundo decoys list" shows them.')
  return found
}

function decoyCommands(program: Command, cli: Cli): void {
  const decoys = program.command('decoys').description('register of own decoys: what comes from them is kept out of every intake and report; what they hear stays')
  common(decoys.command('list').description('all networks of the register')).action(async (options: CommonOptions) => {
    const { decoys: rows } = take(await (await connect(cli, options)).call(listDecoys, {}))
    print(cli, options, rows, (all) => table(all, [
      { title: 'NETWORK', value: (row) => row.network }, { title: 'NOTE', value: (row) => row.note }, { title: 'BY', value: (row) => row.created_by },
      { title: 'SINCE', value: (row) => row.created_at }, { title: 'ID', value: (row) => row.id },
    ]))
  })
  common(decoys.command('add').description('register a network, or change its note').argument('<NETWORK>', 'address, or CIDR without host bits'))
    .option('--note <TEXT>', 'what stands there')
    .addHelpText('after', "\nExample: hirundo decoys add 192.0.2.64/26 --note 'cowrie, rack 3'")
    .action(async (network: string, options: CommonOptions & { note?: string }) => {
      const body = { network, ...(options.note === undefined ? {} : { note: options.note }) }
      print(cli, options, take(await (await connect(cli, options)).call(addDecoy, { body })), (row) => `${row.network} is in the register, id ${row.id}`)
    })
  common(decoys.command('remove').description('take a network out of the register').argument('<NETWORK>', 'or its id'))
    .addHelpText('after', '\nExample: hirundo decoys remove 192.0.2.64/26')
    .action(async (text: string, options: CommonOptions) => {
      const client = await connect(cli, options)
      const decoy = await findDecoy(client, text)
      take(await client.call(removeDecoy, { params: { id: decoy.id } }))
      print(cli, options, decoy, (row) => `${row.network} is no longer in the register`)
    })
}

async function readMarks(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > mark_file_bytes_max) throw new OperatorError(`${file} is larger than a list may be (${mark_file_bytes_max} bytes).`, 'Aggregate its networks, or load it as several lists.')
    return await readFile(file)
  } catch (error) {
    if (error instanceof OperatorError) throw error
    throw new OperatorError(`${file} cannot be read: ${(error as Error).message}`, 'Give a file with one CIDR or address a line.')
  }
}

interface LoadOptions extends CommonOptions {
  readonly list: string
  readonly kind: AddressMarkKind
  readonly asOf: string
}

function markCommands(program: Command, cli: Cli): void {
  const marks = program.command('marks').description('lists of addresses that stand for many people: CGNAT, VPN, Tor exits, proxies')
  common(marks.command('list').description('the lists that are loaded')).action(async (options: CommonOptions) => {
    const { lists } = take(await (await connect(cli, options)).call(listMarks, {}))
    print(cli, options, lists, (all) => table(all, [
      { title: 'LIST', value: (row) => row.list }, { title: 'KIND', value: (row) => row.kind }, { title: 'AS OF', value: (row) => row.as_of },
      { title: 'NETWORKS', value: (row) => row.networks }, { title: 'LOADED', value: (row) => row.loaded_at },
    ]))
  })
  common(marks.command('load').description('load a list, or replace the one of its name').argument('<FILE>', 'one CIDR or address a line; # begins a comment'))
    .requiredOption('--list <NAME>', 'as it stands beside evidence')
    .addOption(new Option('--kind <KIND>', 'why one address stands for many people').choices(addressMarkKinds).makeOptionMandatory())
    .requiredOption('--as-of <DATE>', 'when the list was made, e.g. 2026-11-20')
    .addHelpText('after', '\nExample: hirundo marks load exits.txt --list tor-exits --kind tor-exit --as-of 2026-11-20')
    .action(async (file: string, options: LoadOptions) => {
      const body = await readMarks(file)
      const input = { params: { list: options.list }, query: { kind: options.kind, as_of: options.asOf }, body }
      print(cli, options, take(await (await connect(cli, options)).call(loadMarks, input)), (row) => `${row.list}: ${row.networks} networks of ${row.as_of}`)
    })
  common(marks.command('remove').description('remove a list').argument('<LIST>', 'its name'))
    .addHelpText('after', '\nExample: hirundo marks remove tor-exits')
    .action(async (list: string, options: CommonOptions) => {
      print(cli, options, take(await (await connect(cli, options)).call(removeMarks, { params: { list } })), () => `${list} is removed`)
    })
}

/** What is piped in, as text without the line's end. */
async function readInput(cli: Cli): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of cli.input?.() ?? []) {
    bytes += part.length
    if (bytes > key_text_bytes_max) break
    parts.push(part)
  }
  const text = Buffer.concat(parts).toString('utf8').trim()
  if (text.length < key_chars.min || text.length > key_chars.max) throw new OperatorError('No key of 32 to 64 bytes in base64 came on standard input.', 'Make one with "head -c 32 /dev/urandom | base64 > key.txt", then: hirundo indicators set-key < key.txt')
  return text
}

function indicatorCommands(program: Command, cli: Cli): void {
  const indicators = program.command('indicators').description('values that many sources sent, as keyed HMACs that may be shared')
    .addArgument(new Argument('<KIND>', 'which values').choices(indicatorKinds))
    .addHelpText('after', '\nExample: hirundo indicators passwords --from -7d --format json')
  limit(question(indicators), 10_000).action(async (kind: (typeof indicatorKinds)[number], options: QuestionOptions) => {
    const got = take(await (await connect(cli, options)).call(sharedIndicators, { params: { kind }, query: { ...queryOf(options), ...limitOf(options) } }))
    const { algorithm, key_id, sources_min } = got.data
    heardAnswer(cli, options, got, ({ indicators: rows }) => table(rows, [
      { title: 'HMAC', value: (row) => row.hmac }, { title: 'SOURCES AT LEAST', value: (row) => row.sources_at_least },
      { title: 'FIRST DAY', value: (row) => row.first_day }, { title: 'LAST DAY', value: (row) => row.last_day },
    ]), [`${algorithm}, key ${key_id}; only values of at least ${sources_min} sources`])
  })
  common(indicators.command('set-key').description('take the key that a community shares, from standard input; the one before is forgotten'))
    .addHelpText('after', '\nExample: hirundo indicators set-key < community-key.txt')
    .action(async (_: unknown, command: Command) => {
      // What both take was read by the command above.
      const options = command.optsWithGlobals<CommonOptions>()
      const body = { key: await readInput(cli) }
      print(cli, options, take(await (await connect(cli, options)).call(setIndicatorKey, { body })), ({ key_id }) => `the key is ${key_id}`)
    })
}

/** decoys, marks, indicators. */
export function registerCommands(program: Command, cli: Cli): void {
  decoyCommands(program, cli)
  markCommands(program, cli)
  indicatorCommands(program, cli)
}
