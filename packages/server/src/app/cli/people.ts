import {
  invitePerson, languages, listPersons, makeSetupLink, reinvitePerson, renewBreakGlass, roles, setPersonRole, setPersonState,
  type ApiClient, type Language, type PersonView, type Role,
} from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { OperatorError } from '../../platform/operator-error.ts'
import { common, connect, integer, print, table, take, type Cli, type CommonOptions } from './frame.ts'

/** The person of a sign-in name or id. Throws OperatorError when there is none. */
async function find(client: ApiClient, who: string): Promise<PersonView> {
  const wanted = who.toLowerCase()
  for (let after: string | null | undefined; after !== null;) {
    const page = take(await client.call(listPersons, { query: { limit: 1000, ...(after === undefined ? {} : { after }) } }))
    const found = page.persons.find(({ id, sign_in_name }) => id === wanted || sign_in_name === wanted)
    if (found) return found
    after = page.next
  }
  throw new OperatorError(`Nobody is called "${who}".`, '"hirundo person list" shows who there is.')
}

const waysOf = ({ factors, break_glass }: PersonView): string => [
  ...(factors.passkeys > 0 ? [`${factors.passkeys} passkey${factors.passkeys > 1 ? 's' : ''}`] : []),
  ...(factors.password ? [factors.totp ? 'password and TOTP' : break_glass ? 'password alone' : 'password without TOTP'] : []),
  ...(factors.oidc ? ['identity provider'] : []),
].join(', ')

const sayState = (person: PersonView) => `${person.sign_in_name} (${person.name}) is ${person.role}, ${person.state}`

function listCommand(person: Command, cli: Cli): void {
  common(person.command('list').description('persons of the organisation, newest first'))
    .option('--limit <N>', 'rows', integer(1, 1000), 100)
    .option('--after <CURSOR>', '"next" of the page before')
    .action(async (options: CommonOptions & { limit: number; after?: string }) => {
      const query = { limit: options.limit, ...(options.after === undefined ? {} : { after: options.after }) }
      const answer = take(await (await connect(cli, options)).call(listPersons, { query }))
      print(cli, options, answer, ({ persons, next }) => table(persons, [
        { title: 'SIGN-IN NAME', value: (row) => row.sign_in_name }, { title: 'NAME', value: (row) => row.name }, { title: 'ROLE', value: (row) => row.role },
        { title: 'STATE', value: (row) => row.state }, { title: 'SIGNS IN BY', value: waysOf }, { title: 'LAST SIGN-IN', value: (row) => row.last_sign_in_at },
      ]) + (next === null ? '' : `\nmore: --after ${next}`))
    })
}

interface InviteOptions extends CommonOptions {
  readonly name: string
  readonly role: Role
  readonly language?: Language
  readonly timeZone?: string
}

function inviteCommands(person: Command, cli: Cli): void {
  const said = ({ invitation, person: who }: { person: PersonView; invitation: { link: string; expires_at: string } }) =>
    `${invitation.link}\nfor ${who.name}, once, until ${invitation.expires_at}; send it where only they read it, it cannot be shown again`
  common(person.command('invite').description('add a person; prints a one-time link for them').argument('<SIGN-IN-NAME>', 'looks like an e-mail address; no mail is sent'))
    .requiredOption('--name <NAME>', 'what others read')
    .addOption(new Option('--role <ROLE>', 'what they may do').choices(roles).makeOptionMandatory())
    .addOption(new Option('--language <TAG>', 'of the pages').choices(languages))
    .option('--time-zone <ZONE>', 'e.g. Asia/Tokyo')
    .action(async (sign_in_name: string, options: InviteOptions) => {
      const body = {
        sign_in_name, name: options.name, role: options.role,
        ...(options.language === undefined ? {} : { language: options.language }), ...(options.timeZone === undefined ? {} : { time_zone: options.timeZone }),
      }
      print(cli, options, take(await (await connect(cli, options)).call(invitePerson, { body })), said)
    })
  common(person.command('reinvite').description('remove all factors and sessions of a person who lost their device; prints a new link').argument('<WHO>', 'sign-in name or id'))
    .action(async (who: string, options: CommonOptions) => {
      const client = await connect(cli, options)
      print(cli, options, take(await client.call(reinvitePerson, { params: { id: (await find(client, who)).id } })), said)
    })
}

function changeCommands(person: Command, cli: Cli): void {
  for (const [verb, state, text] of [['disable', 'disabled', 'end a person’s sessions and keep them out'], ['enable', 'active', 'let a disabled person in again']] as const) {
    common(person.command(verb).description(text).argument('<WHO>', 'sign-in name or id'))
      .action(async (who: string, options: CommonOptions) => {
        const client = await connect(cli, options)
        print(cli, options, take(await client.call(setPersonState, { params: { id: (await find(client, who)).id }, body: { state } })), sayState)
      })
  }
  common(person.command('role').description('change what a person may do').argument('<WHO>', 'sign-in name or id'))
    .addOption(new Option('--role <ROLE>', 'the new one').choices(roles).makeOptionMandatory())
    .action(async (who: string, options: CommonOptions & { role: Role }) => {
      const client = await connect(cli, options)
      print(cli, options, take(await client.call(setPersonRole, { params: { id: (await find(client, who)).id }, body: { role: options.role } })), sayState)
    })
}

/** person list, invite, reinvite, disable, enable, role, break-glass, setup-link. */
export function peopleCommands(program: Command, cli: Cli): void {
  const person = program.command('person').description('people who sign in')
  listCommand(person, cli)
  inviteCommands(person, cli)
  changeCommands(person, cli)
  common(person.command('break-glass').description('make the emergency account, or give it a new password; printed once'))
    .action(async (options: CommonOptions) => {
      const answer = take(await (await connect(cli, options)).call(renewBreakGlass, {}))
      print(cli, options, answer, ({ person: { sign_in_name }, password }) =>
        `${sign_in_name}\n${password}\nprint this and lock it away; it works without a second factor, each use is audited and shown to every administrator`)
    })
  common(person.command('setup-link').description('a new link for the first administrator, while there is none; the one before ends'))
    .action(async (options: CommonOptions) => {
      const answer = take(await (await connect(cli, options)).call(makeSetupLink, {}))
      print(cli, options, answer, ({ link, expires_at }) => `${link}\nonce, until ${expires_at}`)
    })
}
