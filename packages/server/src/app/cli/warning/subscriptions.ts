import { isTimeZone } from '@hirundo/base'
import {
  addSubscription, changeSubscription, channels, findingKinds, languages, listDeliveries, listSubscriptions, removeSubscription, severities, testSubscription, tlps,
  type ApiClient, type Channel, type FindingKind, type Language, type NewSubscription, type Severity, type SubscriptionView, type Tlp,
} from '@hirundo/contract'
import { Argument, InvalidArgumentError, Option, type Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, integer, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { bulletinRef } from './bulletins.ts'
import { tcpOrUdpPort } from './options.ts'

/** The subscription of an id or name. Throws OperatorError when there is none, or several. */
async function find(client: ApiClient, text: string): Promise<SubscriptionView> {
  const { subscriptions } = take(await client.call(listSubscriptions, {}))
  const found = subscriptions.filter(({ id, name }) => id === text || name === text)
  if (found.length === 1) return found[0]!
  throw new OperatorError(found.length === 0 ? `No subscription is called "${text}".` : `Several subscriptions are called "${text}".`, '"hirundo subscriptions" shows them with their ids.')
}

const wantsText = ({ kinds, ports, economies, asns, severity_min, tlp_max }: SubscriptionView): string =>
  [kinds.join(',') || 'all kinds', ...(ports.length > 0 ? [ports.join(',')] : []), ...(economies.length > 0 ? [economies.join(',')] : []), ...(asns.length > 0 ? [asns.map((asn) => `AS${asn}`).join(',')] : []), `from ${severity_min}`, `up to ${tlp_max}`].join('; ')

const whenText = ({ digest, quiet }: SubscriptionView): string =>
  `${digest}${quiet === null ? '' : `, quiet ${quiet.from}-${quiet.to} ${quiet.time_zone}${quiet.but_urgent ? ' but urgent' : ''}`}`

const subscriptionsTable = (rows: readonly SubscriptionView[]): string => table(rows, [
  { title: 'NAME', value: (row) => row.name }, { title: 'OF', value: (row) => row.of }, { title: 'CHANNEL', value: (row) => row.channel }, { title: 'TARGET', value: (row) => row.target || null },
  { title: 'WANTS', value: wantsText }, { title: 'WHEN', value: whenText }, { title: 'LANGUAGE', value: (row) => row.language }, { title: 'STATE', value: (row) => (row.active ? 'active' : 'PAUSED') },
  { title: 'LAST SENT', value: (row) => row.last_sent_at }, { title: 'PROBLEM', value: (row) => row.last_problem }, { title: 'ID', value: (row) => row.id },
])

interface AddOptions extends CommonOptions {
  readonly name?: string
  readonly of: NewSubscription['of']
  readonly language: Language
  readonly kind?: readonly FindingKind[]
  readonly port?: readonly string[]
  readonly economy?: readonly string[]
  readonly asn?: readonly number[]
  readonly severity: Severity
  readonly tlp?: Tlp
  readonly digest: NewSubscription['digest']
  readonly quiet?: NonNullable<NewSubscription['quiet']>
  readonly butUrgent?: true
}

/** `22:00-07:00,Asia/Tokyo` */
function quietOption(text: string): NonNullable<NewSubscription['quiet']> {
  const [, from, to, time_zone] = /^([01]\d:[0-5]\d|2[0-3]:[0-5]\d)-([01]\d:[0-5]\d|2[0-3]:[0-5]\d),([A-Za-z0-9_+/-]{1,64})$/.exec(text) ?? []
  if (from === undefined || from === to) throw new InvalidArgumentError('It looks like 22:00-07:00,Asia/Tokyo: two different times from 00:00 to 23:59.')
  if (!isTimeZone(time_zone!)) throw new InvalidArgumentError(`"${time_zone}" is no time zone: it looks like Asia/Tokyo or UTC.`)
  return { from, to: to!, time_zone: time_zone!, but_urgent: false }
}

const collected = <T>(read: (text: string) => T) => (text: string, before: readonly T[] | undefined): readonly T[] => [...(before ?? []), read(text)]
function matching(shape: RegExp, example: string) {
  return collected((text) => {
    if (!shape.test(text)) throw new InvalidArgumentError(`It looks like ${example}.`)
    return text
  })
}
function kindOption(text: string): FindingKind {
  if (!(findingKinds as readonly string[]).includes(text)) throw new InvalidArgumentError(`It must be one of ${findingKinds.join(', ')}.`)
  return text as FindingKind
}

function bodyOf(channel: Channel, target: string, options: AddOptions): NewSubscription {
  return {
    name: options.name ?? (channel === 'web' ? 'notices' : target.slice(0, 100)), channel, target, of: options.of, language: options.language, kinds: [...(options.kind ?? [])],
    ports: [...(options.port ?? [])], economies: [...(options.economy ?? [])], asns: [...(options.asn ?? [])], severity_min: options.severity, tlp_max: options.tlp ?? (options.of === 'findings' ? 'TLP:AMBER+STRICT' : 'TLP:AMBER'), digest: options.digest,
    quiet: options.quiet ? { ...options.quiet, but_urgent: options.butUrgent === true } : null,
  }
}

function addCommand(subscription: Command, cli: Cli): void {
  common(subscription.command('add').description('tell somebody of bulletins that are released, or of findings as the node finds them'))
    .addArgument(new Argument('<CHANNEL>', 'web is for people who signed in: add it in the pages').choices(channels)).argument('<TARGET>', 'mail address, or URL on the operator’s list (notify.webhook_allow)')
    .option('--name <NAME>', 'what it is for; the target when left out').addOption(new Option('--of <WHAT>', 'findings: for the own team').choices(['bulletins', 'findings']).default('bulletins'))
    .addOption(new Option('--language <LANGUAGE>', 'of what is sent').choices(languages).default('en'))
    .option('--kind <KIND>', 'only this kind; may be given several times', collected(kindOption)).option('--port <PORT>', 'only about this port, e.g. tcp/23; several times', collected(tcpOrUdpPort))
    .option('--economy <CODE>', 'only about this economy; several times', matching(/^[A-Z]{2}$/, 'JP')).option('--asn <NUMBER>', 'only about this network; several times', collected((text) => integer(0, 4_294_967_295)(text)))
    .addOption(new Option('--severity <SEVERITY>', 'from this on').choices(severities).default('notice')).addOption(new Option('--tlp <TLP>', 'up to this; TLP:AMBER when left out, and TLP:AMBER+STRICT, which findings have until somebody labels them, with --of findings').choices(tlps))
    .addOption(new Option('--digest <WHEN>', 'at once, or together').choices(['at-once', 'hourly', 'daily']).default('at-once'))
    .option('--quiet <HOURS>', 'nothing then, e.g. 22:00-07:00,Asia/Tokyo', quietOption).option('--but-urgent', 'what is urgent breaks the quiet hours')
    .addHelpText('after', '\nExample: hirundo subscription add mail soc@example.org --of findings --severity warning --quiet 22:00-07:00,Asia/Tokyo --but-urgent')
    .action(async (channel: Channel, target: string, options: AddOptions) => {
      const made = take(await (await connect(cli, options)).call(addSubscription, { body: bodyOf(channel, target, options) }))
      print(cli, options, made, (view) => `${view.name} is subscribed, id ${view.id}${view.secret_shown_once === null ? '' : `\nkey of its signatures, shown only now: ${view.secret_shown_once}`}`)
    })
}

async function setActive(cli: Cli, text: string, options: CommonOptions, active: boolean): Promise<void> {
  const client = await connect(cli, options)
  const { id, name, channel, target, of, language, kinds, ports, economies, asns, severity_min, tlp_max, digest, quiet } = await find(client, text)
  const body = { name, channel, target, of, language, kinds, ports, economies, asns, severity_min, tlp_max, digest, quiet, active }
  print(cli, options, take(await client.call(changeSubscription, { params: { id }, body })), (view) => `${view.name} is ${view.active ? 'active' : 'paused: what waited for it is not sent'}`)
}

function oneCommands(subscription: Command, cli: Cli): void {
  const one = (name: string, description: string) => common(subscription.command(name).description(description).argument('<SUBSCRIPTION>', 'id or name'))
  one('remove', 'end it; what waits for it is not sent').action(async (text: string, options: CommonOptions) => {
    const client = await connect(cli, options)
    const { id, name } = await find(client, text)
    print(cli, options, take(await client.call(removeSubscription, { params: { id } })), () => `${name} is removed`)
  })
  one('test', 'send a message that says it is a test').action(async (text: string, options: CommonOptions) => {
    const client = await connect(cli, options)
    const done = take(await client.call(testSubscription, { params: { id: (await find(client, text)).id } }))
    print(cli, options, done, ({ detail }) => detail)
    if (!done.sent) process.exitCode = 1
  })
  one('pause', 'send nothing by it until it is resumed').action((text: string, options: CommonOptions) => setActive(cli, text, options, false))
  one('resume', 'send by it again, from now on').action((text: string, options: CommonOptions) => setActive(cli, text, options, true))
}

interface DeliveryOptions extends CommonOptions {
  readonly bulletin?: string
  readonly subscription?: string
  readonly limit?: number
  readonly after?: string
}

function deliveriesCommand(program: Command, cli: Cli): void {
  common(program.command('deliveries').description('what was sent to whom, when, and what waits or failed, newest first'))
    .option('--bulletin <BULLETIN>', 'only of this one, by number or id', bulletinRef).option('--subscription <SUBSCRIPTION>', 'only of this one, by id or name')
    .option('--limit <N>', 'rows; 100 when left out', integer(1, 1000)).option('--after <CURSOR>', '"next" of the page before')
    .action(async ({ bulletin, subscription, limit, after, ...options }: DeliveryOptions) => {
      const client = await connect(cli, options)
      const id = subscription === undefined ? undefined : (await find(client, subscription)).id
      const given = Object.entries({ bulletin, subscription: id, limit, after }).filter(([, value]) => value !== undefined)
      const got = take(await client.call(listDeliveries, { query: Object.fromEntries(given) }))
      print(cli, options, got, ({ deliveries, next }) => table(deliveries, [
        { title: 'STATE', value: (row) => row.state }, { title: 'ABOUT', value: (row) => row.about || null }, { title: 'WHAT', value: (row) => row.what }, { title: 'SUBSCRIPTION', value: (row) => row.subscription }, { title: 'CHANNEL', value: (row) => row.channel },
        { title: 'TARGET', value: (row) => row.target || null }, { title: 'ATTEMPTS', value: (row) => row.attempts }, { title: 'DUE', value: (row) => row.due_at }, { title: 'SENT', value: (row) => row.sent_at },
        { title: 'PROBLEM', value: (row) => row.problem },
      ]) + (next === null ? '' : `\nmore: --after ${next}`))
    })
}

/** subscriptions, subscription add, remove, test, pause and resume, deliveries. */
export function subscriptionCommands(program: Command, cli: Cli): void {
  common(program.command('subscriptions').description('who is told of what')).action(async (options: CommonOptions) => {
    const { subscriptions } = take(await (await connect(cli, options)).call(listSubscriptions, {}))
    print(cli, options, subscriptions, subscriptionsTable)
  })
  const subscription = program.command('subscription').description('one subscription')
  addCommand(subscription, cli)
  oneCommands(subscription, cli)
  deliveriesCommand(program, cli)
}
