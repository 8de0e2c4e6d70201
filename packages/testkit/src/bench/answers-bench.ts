import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jsonLine } from '../process/programs.ts'
import type { Line } from './report.ts'

const program = fileURLToPath(new URL('../../../analytics/src/bench/bench-answers.ts', import.meta.url))
const P95_MS_MAX = 300
const GROWTH_MAX = 1.5

interface Answered {
  readonly name: string
  readonly p50_ms: number
  readonly p95_ms: number
  readonly failed: number
}

/** A store of so many flow rows: built in `directory` if it is not there yet. */
interface Data {
  readonly directory: string
  readonly rows: number
}

export interface AnswersOptions {
  /** Where data that is not kept goes. */
  readonly directory: string
  readonly rows: number
  /** Runs over each of the two, in turn; of each figure the median is taken. */
  readonly rounds: number
  /** Directories with a tenth of the rows and with all; they are kept for another run. */
  readonly kept?: readonly [string, string]
}

/** The analytics package's own benchmark of answers, in a process of its own; its last line is JSON. */
async function ask({ directory, rows }: Data): Promise<readonly Answered[]> {
  mkdirSync(directory, { recursive: true })
  const child = spawn(process.execPath, [program, '--rows', String(rows), '--data', directory, '--count', '60'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    process.stderr.write(text)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const result = jsonLine(out.trimEnd().split('\n').at(-1) ?? '')
  if (code !== 0 || !result) throw new Error(`the benchmark of answers ended with ${code} and without a result`)
  return result['answers'] as readonly Answered[]
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** The medians of several runs, answer by answer. */
const medians = (runs: readonly (readonly Answered[])[]): readonly Answered[] =>
  runs[0]!.map(({ name }, i) => {
    const each = (figure: 'p50_ms' | 'p95_ms' | 'failed') => median(runs.map((run) => run[i]![figure]))
    return { name, p50_ms: each('p50_ms'), p95_ms: each('p95_ms'), failed: Math.max(...runs.map((run) => run[i]!.failed)) }
  })

function linesOf(few: readonly Answered[], many: readonly Answered[]): readonly Line[] {
  return many.flatMap(({ name, p95_ms, failed }, i): Line[] => {
    const growth = p95_ms / few[i]!.p95_ms
    return [
      { what: `answer ${name}, p95`, goal: `≤ ${P95_MS_MAX} ms`, reached: `${p95_ms} ms${failed > 0 ? `, ${failed} failed` : ''}`, met: p95_ms <= P95_MS_MAX && failed === 0 },
      { what: `  of a tenth of the rows`, goal: `< ${GROWTH_MAX} ×`, reached: `${growth.toFixed(2)} × ${few[i]!.p95_ms} ms`, met: growth < GROWTH_MAX },
    ]
  })
}

/** Every answer over a tenth of the rows and over all of them. */
export async function answersBench(options: AnswersOptions, say: (text: string) => void): Promise<{ lines: readonly Line[]; result: unknown }> {
  const { rows, kept } = options
  const place = (of: number): string => join(options.directory, `answers-${of}`)
  const few: Data = { directory: kept?.[0] ?? place(rows / 10), rows: rows / 10 }
  const many: Data = { directory: kept?.[1] ?? place(rows), rows }
  const runs: { few: (readonly Answered[])[]; many: (readonly Answered[])[] } = { few: [], many: [] }
  for (let round = 1; round <= options.rounds; round++) {
    for (const [size, data] of [['few', few], ['many', many]] as const) {
      say(`answers over ${data.rows.toLocaleString('en')} rows, round ${round} of ${options.rounds} …`)
      runs[size].push(await ask(data))
    }
  }
  if (!kept) for (const { directory } of [few, many]) rmSync(directory, { recursive: true, force: true })
  const [answers, answers_tenth] = [medians(runs.many), medians(runs.few)]
  return { lines: linesOf(answers_tenth, answers), result: { rows, rounds: options.rounds, answers, answers_tenth, runs } }
}
