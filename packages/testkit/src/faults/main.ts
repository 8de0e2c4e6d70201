import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { realWorld } from '@hirundo/base'
import { isExact, runCampaign, type CampaignResult } from './campaign.ts'

const help = `npm run test:faults [-- OPTIONS]

Kills sensors, the node and its stores with SIGKILL at random moments under load, behind a network that duplicates,
reorders, corrupts, truncates and drops, and (as root) on a disk that runs full. Then compares to the packet.

  --kills N      how often (default 200)
  --seed N       of traffic, network and kills (default 1)
  --sensors N    1 to 4 (default 3)
  --no-full-disk leave that phase out
  --help
`
const options = {
  'kills': { type: 'string', default: '200' }, 'seed': { type: 'string', default: '1' }, 'sensors': { type: 'string', default: '3' },
  'no-full-disk': { type: 'boolean', default: false }, 'help': { type: 'boolean', default: false },
} as const

const DAY_S = 86_400

function table(result: CampaignResult): string {
  const { by_process, network } = result
  const row = (name: string, value: string | number) => `  ${name.padEnd(34)}${typeof value === 'number' ? value.toLocaleString('en').padStart(14) : value.padStart(14)}`
  return [
    row('SIGKILLs', result.kills), ...Object.entries(by_process).map(([name, count]) => row(`  of ${name}`, count)),
    row('requests passed as they were', network.passed),
    ...Object.entries(network).filter(([name]) => name !== 'passed').map(([name, count]) => row(`  ${name.replace('_', ' ')}`, count)),
    row('full disk', result.full_disk ? 'yes' : 'no'), row('ends of a process by itself', result.own_exits.length),
    row('simulated minutes', result.minutes), row('batches', result.batches), row('packets sent', result.packets_sent),
    row('packets stored', result.packets_stored), row('packets queryable', result.packets_queryable),
    row('interactions sent', result.interactions_sent), row('interactions stored', result.interactions_stored),
    row('requests sent', result.requests_sent), row('requests queryable', result.requests_queryable),
    row('lost', result.answers.lost), row('doubled', result.answers.doubled),
    row('lost in a spool', result.spool.lost), row('doubled in a spool', result.spool.doubled),
  ].join('\n')
}

const summary = (result: CampaignResult) => ({
  kills: result.kills, by_process: result.by_process, batches: result.batches, duplicated: result.network.duplicated + result.network.replayed,
  reordered: result.network.reordered, corrupted: result.network.corrupted + result.network.reply_corrupted, truncated: result.network.truncated,
  replies_dropped: result.network.reply_dropped, full_disk: result.full_disk, own_exits: result.own_exits.length,
  packets_sent: result.packets_sent, packets_stored: result.packets_stored, packets_queryable: result.packets_queryable,
  interactions_sent: result.interactions_sent, interactions_stored: result.interactions_stored,
  requests_sent: result.requests_sent, requests_queryable: result.requests_queryable,
  lost: result.answers.lost, doubled: result.answers.doubled, exact: isExact(result),
})

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-faults-'))
  await chmod(directory, 0o711)
  const start_s = Math.floor(realWorld.now() / 1000 / DAY_S) * DAY_S - 30 * DAY_S
  const result = await runCampaign({
    directory, seed: Number(values.seed), kills: Number(values.kills), sensors: Math.min(4, Math.max(1, Number(values.sensors))),
    minute_ms: 40, full_disk: !values['no-full-disk'], disk_bytes: 4 * 2 ** 30, start_s,
  }, (text) => process.stderr.write(`${text}\n`))
  for (const text of new Set(result.own_exits.map((exit) => exit.split('\n').slice(-6).join('\n')))) process.stderr.write(`\n${text}\n`)
  for (const text of [...result.spool.where, ...result.answers.where]) process.stderr.write(`  differs: ${text}\n`)
  process.stdout.write(`${table(result)}\n${JSON.stringify(summary(result))}\n`)
  return isExact(result) ? 0 : 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`faults: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    process.exit(1)
  },
)
