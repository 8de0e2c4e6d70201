import { formatMillis, realWorld } from '@hirundo/base'
import { addMute, findingKinds, listMutes, removeMute, type FindingKind, type Mute } from '@hirundo/contract'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { UsageError } from '../../../platform/operator-error.ts'
import { common, connect, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { instantOption } from '../observatory/times.ts'
import { idOf, networkOption } from './options.ts'

const unit_ms: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/** `12h`, `7d` or `2w` as milliseconds. */
function duration(text: string): number {
  const [, count, unit] = /^(\d{1,4})([hdw])$/.exec(text) ?? []
  if (count === undefined) throw new InvalidArgumentError('It looks like 12h, 7d or 2w.')
  return Number(count) * unit_ms[unit!]!
}

interface Port {
  readonly protocol: string
  readonly port?: number
}
function portOption(text: string): Port {
  const [, protocol, port] = /^([a-z\d-]{1,20})(?:\/(\d{1,5}))?$/i.exec(text) ?? []
  if (protocol === undefined || Number(port ?? 0) > 65_535) throw new InvalidArgumentError('It looks like tcp/23, or tcp for all its ports.')
  return { protocol, ...(port === undefined ? {} : { port: Number(port) }) }
}

interface MuteOptions extends CommonOptions {
  readonly kind?: FindingKind
  readonly victim?: string
  readonly source?: string
  readonly port?: Port
  readonly for?: number
  readonly until?: string
  readonly why: string
}

const ruleText = ({ kind, subject: { victim, source, protocol, port } }: Pick<Mute, 'kind' | 'subject'>): string => [
  kind ?? 'any kind', ...(victim === undefined ? [] : [`victim ${victim}`]), ...(source === undefined ? [] : [`source ${source}`]),
  ...(protocol === undefined ? (port === undefined ? [] : [`port ${port}`]) : [port === undefined ? protocol : `${protocol}/${port}`]),
].join(', ')

const keepsOff = (count: number): string => `keeps ${count} ${count === 1 ? 'finding' : 'findings'} off the board`

/** mutes, mute, unmute. */
export function muteCommands(program: Command, cli: Cli): void {
  common(program.command('mutes').description('rules that keep findings off the board until they expire')).action(async (options: CommonOptions) => {
    const { mutes } = take(await (await connect(cli, options)).call(listMutes, {}))
    print(cli, options, mutes, (rows) => table(rows, [
      { title: 'RULE', value: ruleText }, { title: 'UNTIL', value: (row) => row.until }, { title: 'WHY', value: (row) => row.why.replaceAll(/\s+/g, ' ') }, { title: 'FINDINGS', value: (row) => row.muted_findings },
      { title: 'BY', value: (row) => row.created_by }, { title: 'SINCE', value: (row) => row.created_at }, { title: 'ID', value: (row) => row.id },
    ]))
  })
  common(program.command('mute').description('keep findings of a kind or subject off the board for a time; they are kept and can be asked for'))
    .addOption(new Option('--kind <KIND>', 'only this kind').choices(findingKinds)).option('--victim <NETWORK>', 'address or CIDR', networkOption).option('--source <NETWORK>', 'address or CIDR', networkOption)
    .option('--port <PORT>', 'e.g. tcp/23, or tcp', portOption)
    .addOption(new Option('--for <TIME>', 'how long: 12h, 7d, 2w; a year at most').argParser(duration).conflicts('until'))
    .option('--until <TIME>', 'or until when, e.g. 2026-12-31T00:00:00Z', instantOption(realWorld.now())).requiredOption('--why <TEXT>', 'what others should know')
    .addHelpText('after', '\nExample: hirundo mute --kind scan --source 192.0.2.0/24 --for 7d --why "our own survey"')
    .action(async ({ kind, victim, source, port, for: lasts, until, why, ...options }: MuteOptions) => {
      const end = until ?? (lasts === undefined ? undefined : formatMillis(realWorld.now() + lasts))
      if (end === undefined) throw new UsageError('A rule needs an end.', 'Say --for 7d or --until TIME.')
      const subject = { ...(victim === undefined ? {} : { victim }), ...(source === undefined ? {} : { source }), ...port }
      if (kind === undefined && Object.keys(subject).length === 0) throw new UsageError('This rule would mute everything.', 'Say what it is for: --kind, --victim, --source or --port.')
      const made = take(await (await connect(cli, options)).call(addMute, { body: { kind: kind ?? null, subject, why, until: end } }))
      print(cli, options, made, (row) => `${ruleText(row)}: muted until ${row.until}; it ${keepsOff(row.muted_findings)}\n"hirundo unmute ${row.id}" ends it`)
    })
  common(program.command('unmute').description('end a rule; what it kept off the board is back at once').argument('<ID>', 'as "hirundo mutes" shows it'))
    .action(async (id: string, options: CommonOptions) => {
      idOf(id, 'mute rule', 'mutes')
      print(cli, options, take(await (await connect(cli, options)).call(removeMute, { params: { id } })), () => `${id} is ended`)
    })
}
