import { nodeStatus } from '@hirundo/contract'
import type { Command } from 'commander'
import type { Check } from '../../platform/module.ts'
import { withoutSecrets } from '../config.ts'
import { examine } from '../doctor.ts'
import { common, connect, print, type Cli, type CommonOptions } from './frame.ts'
import { configFromFlags } from './start.ts'

async function askNode(cli: Cli, options: CommonOptions): Promise<readonly Check[]> {
  const answer = await (await connect(cli, options)).call(nodeStatus, {})
  if (answer.ok) return answer.value.checks
  return [{ name: 'node answers', ok: false, detail: `${answer.problem.title} (${answer.problem.code})` }]
}

/** doctor: exit code 1 when something is wrong. */
export function doctorCommand(program: Command, cli: Cli): void {
  common(program.command('doctor').description('look at the machine, the data directory and a running node; says what to put right'))
    .option('--listen <HOST:PORT>', 'as for start')
    .option('--config <FILE>', 'as for start')
    .action(async (options: CommonOptions & { listen?: string; config?: string }) => {
      const config = await configFromFlags(cli, options)
      const { running, checks } = await examine(config)
      const all = running ? [...checks, ...(await askNode(cli, options))] : checks
      const ok = all.every((one) => one.ok)
      print(cli, options, { ok, running, checks: all, config: withoutSecrets(config) }, (found) => [
        ...found.checks.map((one) => `${one.ok ? 'ok    ' : 'FAILED'}  ${one.name}: ${one.detail}`),
        running ? '' : 'No node runs on this directory; its stores were not asked.',
        `Configuration: ${JSON.stringify(found.config, undefined, 2)}`,
      ].filter((line) => line !== '').join('\n'))
      if (!ok) process.exitCode = 1
    })
}
