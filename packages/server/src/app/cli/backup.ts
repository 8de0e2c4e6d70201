import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getBackup, startBackup, type BackupView } from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { OperatorError } from '../../platform/operator-error.ts'
import { restoreBackup } from '../backup/restore.ts'
import { common, connect, dataDirOf, print, take, type Cli, type CommonOptions } from './frame.ts'

const ASK_EVERY_MS = 200

const size = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

async function writeBackup(cli: Cli, options: CommonOptions & { to: string }): Promise<BackupView> {
  const client = await connect(cli, options)
  let view = take(await client.call(startBackup, { body: { directory: resolve(options.to) } }))
  while (view.state === 'running') {
    await sleep(ASK_EVERY_MS)
    view = take(await client.call(getBackup, { params: { id: view.id } }))
  }
  if (view.state === 'failed') throw new OperatorError(`The backup failed: ${view.reason}.`, 'The node’s log says more; what was written has no manifest and cannot be restored by mistake.')
  return view
}

/** backup, restore. */
export function backupCommands(program: Command, cli: Cli): void {
  common(program.command('backup').description('write a backup of a running node into a directory of its machine'))
    .requiredOption('--to <DIR>', 'a directory that is empty or does not exist; it will hold the node’s private key')
    .action(async (options: CommonOptions & { to: string }) => {
      const view = await writeBackup(cli, options)
      print(cli, options, view, ({ files, size_bytes }) => `The backup is complete: ${files} files, ${size(size_bytes)}. Keep it where only you can read it.`)
    })
  program.command('restore').description('make a data directory from a backup; no node may run on it')
    .requiredOption('--from <DIR>', 'what "hirundo backup" wrote')
    .requiredOption('--data <DIR>', 'an empty directory, or one that does not exist')
    .addOption(new Option('--format <FORMAT>', 'text for people, json for programs').choices(['text', 'json']).default('text'))
    .action(async (options: { from: string; data: string; format: 'text' | 'json' }) => {
      const data_dir = dataDirOf(cli, options)
      const { created_at, fingerprint, files, postgres, clickhouse } = await restoreBackup(resolve(options.from), data_dir)
      print(cli, options, { data_dir, created_at, fingerprint, files: files.length, postgres, clickhouse }, (done) =>
        `Restored ${done.files} files of ${done.created_at} (node key ${done.fingerprint}). Start it with: hirundo start --data ${data_dir}`
        + (postgres === 'external' ? '\nThe PostgreSQL of DATABASE_URL is not in this backup: restore it from your own.' : '')
        + (clickhouse === 'external' ? '\nThe ClickHouse of CLICKHOUSE_URL is not in this backup: restore it from your own.' : ''))
    })
}
