import {
  addKey, keyKinds, keyProofs, keyStandings, listKeys, revocations, revokeKey, verifyKey, visibilities,
  type ApiClient, type KeyKind, type KeyProof, type KeyStanding, type KeyView, type Revocation, type Visibility,
} from '@hirundo/contract'
import { realWorld } from '@hirundo/base'
import { Argument, Option, type Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { instantOption } from '../observatory/times.ts'
import { findTeam } from './frame.ts'

const pages_max = 250

/** Keys of all teams. */
async function allKeys(client: ApiClient, standing?: KeyStanding): Promise<KeyView[]> {
  const found: KeyView[] = []
  let after: string | null = null
  for (let page = 0; page < pages_max; page++) {
    const answer: { keys: KeyView[]; next: string | null } = take(await client.call(listKeys, { query: { limit: 1000, ...(standing === undefined ? {} : { standing }), ...(after === null ? {} : { after }) } }))
    found.push(...answer.keys)
    after = answer.next
    if (after === null) break
  }
  return found
}

/** The key of an id or fingerprint, in any writing. Throws OperatorError when there is none. */
async function findKey(client: ApiClient, text: string): Promise<KeyView> {
  const bare = (one: string) => one.toLowerCase().replaceAll(/[^0-9a-z]/g, '').replace(/^0x/, '')
  const found = (await allKeys(client)).find(({ id, fingerprint }) => id === text || bare(fingerprint) === bare(text))
  if (!found) throw new OperatorError(`No key has the fingerprint or id "${text}".`, '"hirundo keys" shows them.')
  return found
}

export const standingText = ({ standing, expires_soon, valid_to }: KeyView): string =>
  `${standing === 'verified' ? standing : standing.toUpperCase()}${expires_soon ? `, expires ${valid_to}` : ''}`

const verifiedText = ({ verified }: KeyView): string | null => verified && `${verified.how}${verified.signed_by === null ? '' : ` ${verified.signed_by}`}, ${verified.by}, ${verified.at.slice(0, 10)}`

export const keysTable = (rows: readonly KeyView[]): string => table(rows, [
  { title: 'TEAM', value: (row) => row.team.short_name }, { title: 'KIND', value: (row) => row.kind }, { title: 'FINGERPRINT', value: (row) => row.fingerprint }, { title: 'STANDING', value: standingText },
  { title: 'UNTIL', value: (row) => row.valid_to }, { title: 'VERIFIED', value: verifiedText }, { title: 'FOR', value: (row) => row.visibility }, { title: 'ID', value: (row) => row.id },
])

interface AddOptions extends CommonOptions {
  readonly publicKey?: string
  readonly from?: string
  readonly to?: string
  readonly for?: Visibility
}
interface VerifyOptions extends CommonOptions {
  readonly fingerprint: string
  readonly how: KeyProof
  readonly signedBy?: string
  readonly by?: string
  readonly at?: string
  readonly text?: string
}

/** keys, key add, verify, revoke. */
export function keyCommands(program: Command, cli: Cli): void {
  const now_ms = realWorld.now()
  common(program.command('keys').description('keys of all teams, and what each is worth')).addOption(new Option('--standing <STANDING>', 'only these').choices(keyStandings))
    .action(async ({ standing, ...options }: CommonOptions & { standing?: KeyStanding }) => print(cli, options, await allKeys(await connect(cli, options), standing), keysTable))
  const key = program.command('key').description('keys of teams')
  common(key.command('add').description('enter a key; it is unverified until somebody made sure whose it is').argument('<TEAM>', 'short name or id').addArgument(new Argument('<KIND>').choices(keyKinds)).argument('<FINGERPRINT>'))
    .option('--public-key <BASE64URL>', 'of a node: the key itself').option('--from <TIME>', 'valid from', instantOption(now_ms)).option('--to <TIME>', 'valid until', instantOption(now_ms))
    .addOption(new Option('--for <WHO>', 'who sees it').choices(visibilities))
    .addHelpText('after', '\nExample: hirundo key add XA-CSIRT openpgp "0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567" --to 2028-01-01 --for public')
    .action(async (team: string, kind: KeyKind, fingerprint: string, options: AddOptions) => {
      const client = await connect(cli, options)
      const body = { kind, fingerprint, public_key: options.publicKey ?? null, valid_from: options.from ?? null, valid_to: options.to ?? null, ...(options.for === undefined ? {} : { visibility: options.for }) }
      const made = take(await client.call(addKey, { params: { id: (await findTeam(client, team)).id }, body }))
      print(cli, options, made, (row) => `${row.fingerprint} of ${row.team.short_name}: ${standingText(row)} (${row.id})`)
    })
  common(key.command('verify').description('record that somebody made sure whose the key is').argument('<KEY>', 'id or fingerprint'))
    .requiredOption('--fingerprint <FINGERPRINT>', 'as it was read out or compared').addOption(new Option('--how <HOW>', 'how the holder was made sure of').choices(keyProofs).makeOptionMandatory())
    .option('--signed-by <KEY>', 'the verified key that vouches').option('--by <NAME>', 'who made sure; else you').option('--at <TIME>', 'when; else now', instantOption(now_ms)).option('--text <TEXT>', 'what others should know')
    .addHelpText('after', '\nExample: hirundo key verify 0a5d… --fingerprint "0123 4567 …" --how telephone --by Mio')
    .action(async (text: string, options: VerifyOptions) => {
      const client = await connect(cli, options)
      const { id } = await findKey(client, text)
      const signed_by = options.signedBy === undefined ? null : (await findKey(client, options.signedBy)).id
      const { fingerprint, how, by, at, text: words } = options
      const body = { fingerprint, how, signed_by, ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }), ...(words === undefined ? {} : { text: words }) }
      print(cli, options, take(await client.call(verifyKey, { params: { id }, body })), (row) => `${row.fingerprint} of ${row.team.short_name}: ${standingText(row)}, ${verifiedText(row)}`)
    })
  common(key.command('revoke').description('end a key for good').argument('<KEY>', 'id or fingerprint')).addOption(new Option('--why <WHY>', 'compromised takes along what it vouched for').choices(revocations).makeOptionMandatory())
    .addHelpText('after', '\nExample: hirundo key revoke 0a5d… --why compromised')
    .action(async (text: string, { why, ...options }: CommonOptions & { why: Revocation }) => {
      const client = await connect(cli, options)
      const { id } = await findKey(client, text)
      print(cli, options, take(await client.call(revokeKey, { params: { id }, body: { why } })), (row) => `${row.fingerprint} of ${row.team.short_name}: ${standingText(row)}`)
    })
}
