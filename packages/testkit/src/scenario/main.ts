import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DAY_S, formatSeconds, realWorld } from '@hirundo/base'
import { apiClient } from '@hirundo/contract'
import { ownCidr } from './hosts.ts'
import { Scenario, warm_up_days, type ScenarioOptions } from './scenario.ts'
import { ScenarioSender } from './sender.ts'
import { groupsFor } from './sensors.ts'
import { strengths, type Strength } from './strengths.ts'

const help = `npm run scenario -- --out DIR [OPTIONS]

SYNTHETIC observations of a region's sensors with planted events. Nothing in them was observed anywhere: sources are addresses
of 240.0.0.0/4 in fictional economies XA to XH. Writes DIR/labels.json, which says what was planted; with --node the rows go to
a node, as imports of sensors that are marked as simulated. docs/backtest.md says what is in it.

  --seed N        another world (default 1); the same options give the same rows
  --days N        length after the warm-up, in which nothing is planted (default 2)
  --warm-up N     days before (default ${warm_up_days})
  --sensors N     how many watch (default 60, of 1, 4 and 16 addresses)
  --strength S,…  events planted: obvious, medium, faint, barely (default medium)
  --start DATE    first day, UTC (default 2026-01-01); "recent": so that it ends last midnight, the default with --node,
                  because a node keeps single rows of the last months only
  --out DIR       where labels.json goes
  --node URL      the node to send to, with --token (or HIRUNDO_URL, HIRUNDO_TOKEN); then
                  "hirundo backtest" compares what it finds with the labels
  --help
`

const say = (text: string): void => void process.stderr.write(`${text}\n`)

function whole(name: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`--${name} ${text}: a whole number from ${least} on`)
  return value
}

function firstDay(text: string, days: number): number {
  if (text === 'recent') return (Math.floor(realWorld.now() / 1000 / DAY_S) - days) * DAY_S
  const start_s = Date.parse(`${text}T00:00:00Z`) / 1000
  if (!Number.isSafeInteger(start_s)) throw new RangeError(`--start ${text}: a date such as 2026-01-01, or "recent"`)
  return start_s
}

function settings() {
  const { values } = parseArgs({ options: {
    'seed': { type: 'string', default: '1' }, 'days': { type: 'string', default: '2' }, 'warm-up': { type: 'string', default: String(warm_up_days) },
    'sensors': { type: 'string', default: '60' }, 'strength': { type: 'string', default: 'medium' }, 'start': { type: 'string' },
    'out': { type: 'string' }, 'node': { type: 'string' }, 'token': { type: 'string' }, 'help': { type: 'boolean', default: false },
  } })
  if (values.help) return 'help'
  const wanted = values.strength.split(',')
  const unknown = wanted.find((one) => !(strengths as readonly string[]).includes(one))
  if (unknown !== undefined) throw new RangeError(`--strength ${unknown}: strengths are ${strengths.join(', ')}`)
  if (values.out === undefined) throw new RangeError('--out DIR is missing')
  const [days, warm_up] = [whole('days', values.days, 1), whole('warm-up', values['warm-up'], 0)]
  const { HIRUNDO_URL, HIRUNDO_TOKEN } = process.env
  const url = values.node ?? HIRUNDO_URL
  const token = values.token ?? HIRUNDO_TOKEN
  const options: ScenarioOptions = {
    seed: whole('seed', values.seed, 0), days, warm_up_days: warm_up, sensors: groupsFor(whole('sensors', values.sensors, 1)),
    strengths: wanted as Strength[], start_s: firstDay(values.start ?? (url === undefined ? '2026-01-01' : 'recent'), days + warm_up),
  }
  return { options, out: values.out, node: url === undefined ? undefined : { url, ...(token === undefined ? {} : { token }) } }
}

async function send(scenario: Scenario, name: string, node: { readonly url: string; readonly token?: string }): Promise<void> {
  const client = apiClient(node)
  const senders = await Promise.all(scenario.sensors.map((sensor) => ScenarioSender.register(client, sensor, name)))
  while (scenario.step((kind, sensor, rows, body) => senders[sensor]!.add(kind, rows, body))) {
    for (const sender of senders) await sender.drain(false)
    if (scenario.next_s % DAY_S === 0) say(`  ${formatSeconds(scenario.next_s - DAY_S).slice(0, 10)}: ${scenario.packets.toLocaleString('en')} packets so far`)
  }
  for (const sender of senders) await sender.drain(true)
}

async function main(): Promise<number> {
  const chosen = settings()
  if (chosen === 'help') {
    process.stdout.write(help)
    return 0
  }
  const { options, out, node } = chosen
  const scenario = new Scenario(options)
  await mkdir(out, { recursive: true })
  const file = {
    note: 'SYNTHETIC: made by a generator, observed nowhere.', options, from: formatSeconds(scenario.scored_from_s), to: formatSeconds(scenario.world.end_s),
    warm_up_from: formatSeconds(scenario.world.start_s), addresses: scenario.world.addresses, own_networks: [ownCidr], labels: scenario.labels,
  }
  await writeFile(join(out, 'labels.json'), `${JSON.stringify(file, undefined, 1)}\n`)
  say(`${scenario.labels.length} labels in ${join(out, 'labels.json')}; SYNTHETIC, ${file.warm_up_from} to ${file.to}`)
  if (node) await send(scenario, JSON.stringify(options), node)
  return 0
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`scenario: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
