import { exportProfile, importFirst, importProfile, visibilities, type ImportReport, type Visibility } from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { common, connect, print, take, type Cli, type CommonOptions } from '../frame.ts'
import { fileOf, findTeam } from './frame.ts'

const short = (text: string | null): string => (text === null ? '-' : text.length <= 60 ? text.replaceAll(/\s+/g, ' ') : `${text.slice(0, 59).replaceAll(/\s+/g, ' ')}…`)

/** What an import did, or would do. */
function reportText({ dry_run, created, changed, kept, conflicts, added, same, unread }: ImportReport): string {
  return [
    `${dry_run ? 'DRY RUN, nothing was changed: ' : ''}${created.length} new teams, ${changed.length} fields changed, ${same} teams as before; added, all unverified: ${added.contacts} contacts, ${added.keys} keys, ${added.constituencies} constituencies, ${added.sections} sections`,
    ...created.map((name) => `new      ${name}`), ...changed.map(({ team, field, from, to }) => `changed  ${team} ${field}: ${short(from)} -> ${short(to)}`),
    ...kept.map(({ team, field, from, to }) => `kept     ${team} ${field}: ${short(from)}, people changed it here; the list says ${short(to)}`),
    ...conflicts.map(({ team, why }) => `LEFT OUT ${team}: ${why}`), ...unread.map(({ field, why, times, example }) => `UNREAD   ${field}: ${why}, ${times} times, first ${example}`),
  ].join('\n')
}

interface ImportOptions extends CommonOptions {
  readonly dryRun?: true
}
const dryRun = (options: ImportOptions) => (options.dryRun === true ? { dry_run: true } : {})
const IMPORT_MS_MAX = 300_000

/** directory import-first; team profile import, export. */
export function exchangeCommands(program: Command, team: Command, cli: Cli): void {
  const directory = program.command('directory').description('lists that others keep')
  common(directory.command('import-first').description('take over a list of the FIRST teams API; nothing of it counts as verified').argument('<FILE>', 'JSON, as https://api.first.org/data/v1/teams gives it')).option('--dry-run', 'say what would change, and change nothing')
    .addHelpText('after', '\nExample: hirundo directory import-first teams.json --dry-run')
    .action(async (file: string, options: ImportOptions) => {
      const body = await fileOf(file)
      print(cli, options, take(await (await connect(cli, options, IMPORT_MS_MAX)).call(importFirst, { query: dryRun(options), body })), reportText)
    })
  const profile = team.command('profile').description('a team’s profile in the form of RFC 2350')
  common(profile.command('import').description('take a profile over: its sections as they are, addresses and fingerprints unverified').argument('<TEAM>', 'short name or id').argument('<FILE>', 'text')).option('--dry-run', 'say what would change, and change nothing')
    .addHelpText('after', '\nExample: hirundo team profile import XA-CSIRT rfc2350.txt --dry-run')
    .action(async (name: string, file: string, options: ImportOptions) => {
      const body = await fileOf(file)
      const client = await connect(cli, options)
      print(cli, options, take(await client.call(importProfile, { params: { id: (await findTeam(client, name)).id }, query: dryRun(options), body })), reportText)
    })
  common(profile.command('export').description('print a profile, as everybody may see it').argument('<TEAM>', 'short name or id')).addOption(new Option('--as <WHO>', 'as this audience may see it').choices(visibilities))
    .addHelpText('after', '\nExample: hirundo team profile export XA-CSIRT --as community > rfc2350.txt')
    .action(async (name: string, { as, ...options }: CommonOptions & { as?: Visibility }) => {
      const client = await connect(cli, options)
      print(cli, options, take(await client.call(exportProfile, { params: { id: (await findTeam(client, name)).id }, query: as === undefined ? {} : { as } })), ({ text }) => text)
    })
}
