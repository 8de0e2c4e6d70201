import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startNodeProcess } from '../constellation/node-process.ts'
import { isInstalled } from './contestants.ts'
import { answersBench } from './answers-bench.ts'
import { importersBench } from './importers-bench.ts'
import { liveBench } from './live-bench.ts'
import { pipelineBench } from './pipeline-bench.ts'
import { policyBench } from './policy-bench.ts'
import { table, type Line } from './report.ts'
import { rsdosBench } from './rsdos-bench.ts'
import { sensorBench, writeInputs } from './sensor-bench.ts'
import { levels, sensorMemoryBench } from './sensor-memory-bench.ts'
import { warningBench, warningSettings } from './warning-bench.ts'
import { warningLiveBench } from './warning-live-bench.ts'
import { webBench } from './web-bench.ts'

const help = `npm run bench [-- OPTIONS]

All parts on one machine in one run; a table and, as the last line, one JSON object.

  --only PART,…   flows, pipeline, memory, importers, answers, live, web, warning,
                  warning-live, rsdos, policy (default: all)
  --rounds N      runs of each flow maker, of imports, and of the answers, one after the other (default 3)
  --files N       pipeline input: N times 10 M packets (default 4)
  --seconds N     of traffic in real time for the memory figures, both rates at once (default 360; below 300 it
                  may still grow, because the first minutes fill the tables that later ones use)
  --rows N        flow rows for the answers (default 200000000), which are also asked over a tenth of them
  --answers-data SMALL,LARGE  directories of the answers' two stores: built where they are empty, and kept
  --web-data DIR  measure the pages over this store of the answers (see --answers-data) instead of a small node: it is
                  linked and not changed, and must be on the file system of --directory; node and browser are set to the
                  end of its data, so that pages show it at their own periods
  --seeds N,…     warning: SYNTHETIC months made from these (default 1,2,3)
  --days N, --sensors N  their length after a warm-up of a week, and how many watch (default 30, 60)
  --strength S,…  events planted: obvious, medium, faint, barely (default: all)
  --policy-rows N labelled rows for policy (default 1000000)
  --quick         1 round, 2 files, 70 s, 20 M rows, 100000 labelled rows
  --directory DIR where inputs and data go (default: the temporary directory; about 6 GB, with 200 M rows 65 GB)
  --help

Compared with, when installed (Debian packages): nfpcapd (nfdump), softflowd (softflowd), tshark (tshark), jq (jq); needs
taskset (util-linux). Nothing else should run meanwhile.
`
const parts = ['flows', 'pipeline', 'memory', 'importers', 'answers', 'live', 'web', 'warning', 'warning-live', 'rsdos', 'policy'] as const
/** Each turn with and without dashboards. */
const LIVE_S = 60
const say = (text: string): void => void process.stderr.write(`${text}\n`)

function settings() {
  const { values } = parseArgs({ options: {
    'only': { type: 'string' }, 'rounds': { type: 'string' }, 'files': { type: 'string' }, 'seconds': { type: 'string' },
    'rows': { type: 'string' }, 'answers-data': { type: 'string' }, 'web-data': { type: 'string' }, 'seeds': { type: 'string' }, 'days': { type: 'string' }, 'sensors': { type: 'string' }, 'strength': { type: 'string' },
    'policy-rows': { type: 'string' }, 'quick': { type: 'boolean', default: false }, 'directory': { type: 'string' }, 'help': { type: 'boolean', default: false },
  } })
  const quick = values.quick
  const only = values.only?.split(',') ?? [...parts]
  const unknown = only.find((part) => !(parts as readonly string[]).includes(part))
  if (unknown !== undefined) throw new RangeError(`--only ${unknown}: parts are ${parts.join(', ')}`)
  const kept = values['answers-data']?.split(',')
  if (kept && (kept.length !== 2 || kept.includes(''))) throw new RangeError('--answers-data: two directories, as SMALL,LARGE')
  const whole = (text: string | undefined, otherwise: number): number => {
    const value = text === undefined ? otherwise : Number(text)
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`"${text}" is no whole number above 0`)
    return value
  }
  return {
    warning: warningSettings(values),
    help: values.help, only, directory: values.directory, kept: kept as [string, string] | undefined, web_data: values['web-data'],
    rounds: whole(values.rounds, quick ? 1 : 3), files: whole(values.files, quick ? 2 : 4),
    seconds: whole(values.seconds, quick ? 70 : 360), rows: whole(values.rows, quick ? 20_000_000 : 200_000_000),
    policy_rows: whole(values['policy-rows'], quick ? 100_000 : 1_000_000),
  }
}

type Settings = ReturnType<typeof settings>
type Results = Record<string, unknown>

async function withNode(chosen: Settings, directory: string, lines: Line[], results: Results): Promise<void> {
  const node = await startNodeProcess({ data_dir: join(directory, 'node'), port: 0, env: { HIRUNDO_LOG_LEVEL: 'warn' } })
  try {
    if (chosen.only.includes('pipeline')) {
      say('capture → sensor → node → queryable …')
      const { lines: more, result } = await pipelineBench(node, directory, chosen.files, say)
      lines.push(...more)
      results['pipeline'] = result
    }
    if (chosen.only.includes('importers')) {
      say('eve.json → import → node → queryable …')
      const { lines: more, result } = await importersBench(join(directory, 'node'), directory, chosen.rounds, say)
      lines.push(...more)
      results['importers'] = result
    }
    if (!chosen.only.includes('memory')) return
    say(`sensors at ${levels.map((level) => level.flows_per_minute.toLocaleString('en')).join(' and ')} flows a minute for ${chosen.seconds} s …`)
    // At once: what one of them holds does not depend on the other.
    const figures = await Promise.all(levels.map((level) => sensorMemoryBench(node, directory, chosen.seconds, level)))
    lines.push(...figures.flatMap((one) => one.lines))
    results['memory'] = figures.map(({ result }) => result)
  } finally {
    await node.child.stop(30_000)
  }
}

async function measure(chosen: Settings, directory: string): Promise<number> {
  const lines: Line[] = []
  const results: Results = { cpus: cpus().length, cpu: cpus()[0]?.model, node: process.version }
  if (chosen.only.includes('flows')) {
    const files = writeInputs(directory, say)
    const { lines: more, result } = await sensorBench(files, chosen.rounds, say)
    lines.push(...more)
    results['flows'] = { input: files.result, ...result }
    await rm(files.whole)
    await rm(files.tenth)
  }
  if (['pipeline', 'importers', 'memory'].some((part) => chosen.only.includes(part))) await withNode(chosen, directory, lines, results)
  if (chosen.only.includes('answers')) {
    const { lines: more, result } = await answersBench({ directory, rows: chosen.rows, rounds: chosen.rounds, ...(chosen.kept ? { kept: chosen.kept } : {}) }, say)
    lines.push(...more)
    results['answers'] = result
  }
  if (chosen.only.includes('live')) {
    const { lines: more, result } = await liveBench(directory, LIVE_S, say)
    lines.push(...more)
    results['live'] = result
  }
  if (chosen.only.includes('web')) {
    const { lines: more, result } = await webBench({ directory, data: chosen.web_data }, say)
    lines.push(...more)
    results['web'] = result
  }
  if (chosen.only.includes('warning')) {
    const { lines: more, result } = await warningBench(chosen.warning, say)
    lines.push(...more)
    results['warning'] = result
  }
  if (chosen.only.includes('warning-live')) {
    const { lines: more, result } = await warningLiveBench(directory, say)
    lines.push(...more)
    results['warning_live'] = result
  }
  if (chosen.only.includes('rsdos')) {
    const { lines: more, result } = await rsdosBench(directory, chosen.rounds, say)
    lines.push(...more)
    results['rsdos'] = result
  }
  if (chosen.only.includes('policy')) {
    const { lines: more, result } = await policyBench(chosen.policy_rows, say)
    lines.push(...more)
    results['policy'] = result
  }
  process.stdout.write(`${table(lines)}\n${JSON.stringify({ ...results, met: lines.every(({ met }) => met) })}\n`)
  return 0
}

async function main(): Promise<number> {
  const chosen = settings()
  if (chosen.help) {
    process.stdout.write(help)
    return 0
  }
  if (!isInstalled('taskset')) throw new Error('taskset is missing (Debian: apt-get install util-linux)')
  const directory = await mkdtemp(join(chosen.directory ?? tmpdir(), 'hirundo-bench-'))
  await chmod(directory, 0o711)
  try {
    return await measure(chosen, directory)
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    process.exit(1)
  },
)
