import { createToken, listTokens, revokeToken, scopes, type Scope, type TokenView } from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { common, connect, integer, print, several, table, take, type Cli, type CommonOptions } from './frame.ts'

function stateOf(token: TokenView): string {
  if (token.revoked_at !== null) return `revoked ${token.revoked_at}`
  if (token.expires_at !== null) return `${Date.parse(token.expires_at) <= Date.now() ? 'expired' : 'until'} ${token.expires_at}`
  return 'valid'
}

interface CreateOptions extends CommonOptions {
  readonly name: string
  readonly scope: readonly Scope[]
  readonly network?: readonly string[]
  readonly expires?: string
  readonly organisation?: string
}

function createCommand(token: Command, cli: Cli): void {
  common(token.command('create').description('make a token; its text is printed once and stored nowhere'))
    .requiredOption('--name <NAME>', 'what it is for')
    .addOption(new Option('--scope <SCOPE...>', 'what it allows').choices(scopes).makeOptionMandatory())
    .option('--network <CIDR>', 'where requests must come from; may be given several times', several)
    .option('--expires <INSTANT>', 'when it ends, e.g. 2027-01-01T00:00:00Z')
    .option('--organisation <UUID>', 'another organisation of this node')
    .action(async (options: CreateOptions) => {
      const body = {
        name: options.name, scopes: [...options.scope],
        ...(options.network ? { networks: [...options.network] } : {}),
        ...(options.expires === undefined ? {} : { expires_at: options.expires }),
        ...(options.organisation === undefined ? {} : { organisation: options.organisation }),
      }
      const answer = take(await (await connect(cli, options)).call(createToken, { body }))
      print(cli, options, answer, ({ token: text, view }) => `${text}\nid ${view.id}, ${view.scopes.join(' ')}; keep it now, it cannot be shown again`)
    })
}

/** token create, list, revoke. */
export function tokenCommand(program: Command, cli: Cli): void {
  const token = program.command('token').description('API tokens')
  createCommand(token, cli)
  common(token.command('list').description('all tokens of the organisation, newest first'))
    .option('--limit <N>', 'rows', integer(1, 1000), 100)
    .option('--after <CURSOR>', '"next" of the page before')
    .action(async (options: CommonOptions & { limit: number; after?: string }) => {
      const query = { limit: options.limit, ...(options.after === undefined ? {} : { after: options.after }) }
      const answer = take(await (await connect(cli, options)).call(listTokens, { query }))
      print(cli, options, answer, ({ tokens, next }) => table(tokens, [
        { title: 'ID', value: (row) => row.id }, { title: 'NAME', value: (row) => row.name }, { title: 'STATE', value: stateOf },
        { title: 'LAST USED', value: (row) => row.last_used_at }, { title: 'MADE', value: (row) => String(row.made.length) }, { title: 'SCOPES', value: (row) => row.scopes.join(' ') },
      ]) + (next === null ? '' : `\nmore: --after ${next}`))
    })
  common(token.command('revoke').description('end a token at once, and every token that it made').argument('<ID>'))
    .action(async (id: string, options: CommonOptions) => {
      const answer = take(await (await connect(cli, options)).call(revokeToken, { params: { id } }))
      print(cli, options, answer, (view) => `${view.id} (${view.name}) is revoked since ${view.revoked_at}, and with it every token that it made`)
    })
}
