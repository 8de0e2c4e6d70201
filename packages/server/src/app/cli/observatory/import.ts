import type { Uuid } from '@hirundo/base'
import { registerImport } from '@hirundo/contract'
import { logKinds, zoneSeconds } from '@hirundo/formats'
import type { Log } from '@hirundo/sensor'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { common, connect, integer, networksOf, several, take, type Cli } from '../frame.ts'
import { importCaptures } from './import-captures.ts'
import { ephemeralKey } from './import-file.ts'
import type { ImportJob, ImportOptions } from './import-job.ts'
import { importLogs } from './import-logs.ts'

const examples = `
Examples:
  hirundo import --sensor archive --dst 192.0.2.0/24 january.pcap.gz
  hirundo import --kind cowrie  --sensor cowrie-1 cowrie.json cowrie.json.2026-11-19
  hirundo import --kind dionaea --sensor dionaea-1 dionaea.json
  hirundo import --kind conpot  --sensor plant-1 conpot.json
  hirundo import --kind eve     --sensor ids-1 --dst 192.0.2.0/24 eve.json.gz
  hirundo import --kind tpot    --sensor tpot-1 --dst 192.0.2.7 export.ndjson.zst
  hirundo import --kind kernel  --sensor gate-1 --dst 192.0.2.0/24 --zone +09:00 --year 2026 kern.log.1.gz
  hirundo import --kind dshield --sensor dshield-1 dshield.log
  hirundo import --kind nfdump  --sensor border-1 --dst 192.0.2.0/24 --zone +09:00 flows.csv
docs/importers.md says what each becomes and what is lost.`

function zone(text: string): number {
  const seconds = zoneSeconds(text)
  if (Number.isNaN(seconds)) throw new InvalidArgumentError('It looks like +09:00 or Z.')
  return seconds
}

async function begin(cli: Cli, paths: readonly string[], options: ImportOptions): Promise<ImportJob> {
  const own = networksOf(options.dst ?? [])
  const client = await connect(cli, options)
  const key = ephemeralKey()
  const { id } = take(await client.call(registerImport, { body: { name: options.sensor, public_key: key.public_key, simulated: options.simulated ?? false } }))
  const note = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    cli.note(`${JSON.stringify({ message, ...fields })}\n`)
  const log: Log = { info: note, warn: note }
  return { cli, client, paths, options, own, sensor: id as Uuid, key, log }
}

/** import: exit code 1 when a file could not be read whole; the others are imported all the same. */
export function importCommand(program: Command, cli: Cli): void {
  common(program.command('import').description('load history from capture files and logs, as if a sensor had sent it; the same file twice adds nothing'))
    .argument('<FILE...>', 'plain, gzip or zstd')
    .addOption(new Option('--kind <KIND>', 'what the files are').choices(['capture', ...logKinds]).default('capture', 'capture: pcap or pcapng'))
    .requiredOption('--sensor <NAME>', 'under which it is asked about')
    .option('--dst <CIDR,...>', 'own networks: only what went to them counts (of a honeypot’s log all does), and texts hide them', several)
    .option('--zone <ZONE>', 'of times in a log that name none, as +09:00; else UTC', zone)
    .option('--year <YEAR>', 'kernel: year of the first line, where lines name none; else by the time of the file', integer(1970, 2105))
    .option('--simulated', 'the traffic is made up, and every answer says so')
    .addHelpText('after', examples)
    .action(async (paths: string[], options: ImportOptions) => {
      const job = await begin(cli, paths, options)
      if (options.kind === 'capture') await importCaptures(job)
      else await importLogs(job, options.kind)
    })
}
