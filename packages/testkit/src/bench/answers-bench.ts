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
  readonly p95_ms: number
  readonly failed: number
}

/** The analytics package's own benchmark of answers, in a process of its own; its last line is JSON. */
async function ask(directory: string, rows: number): Promise<readonly Answered[]> {
  const data = join(directory, `answers-${rows}`)
  mkdirSync(data, { recursive: true })
  const child = spawn(process.execPath, [program, '--rows', String(rows), '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    process.stderr.write(text)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  rmSync(data, { recursive: true, force: true })
  const result = jsonLine(out.trimEnd().split('\n').at(-1) ?? '')
  if (code !== 0 || !result) throw new Error(`the benchmark of answers ended with ${code} and without a result`)
  return result['answers'] as readonly Answered[]
}

/** Every answer over a tenth of the rows and over all of them. */
export async function answersBench(directory: string, rows: number, say: (text: string) => void): Promise<{ lines: readonly Line[]; result: unknown }> {
  say(`answers over ${(rows / 10).toLocaleString('en')} rows …`)
  const few = await ask(directory, rows / 10)
  say(`answers over ${rows.toLocaleString('en')} rows …`)
  const many = await ask(directory, rows)
  const lines = many.flatMap(({ name, p95_ms, failed }): Line[] => {
    const before = few.find((one) => one.name === name)
    const growth = before ? p95_ms / before.p95_ms : Number.NaN
    return [
      { what: `answer ${name}, p95`, goal: `≤ ${P95_MS_MAX} ms`, reached: `${p95_ms} ms${failed > 0 ? `, ${failed} failed` : ''}`, met: p95_ms <= P95_MS_MAX && failed === 0 },
      { what: `  with 10 × the rows`, goal: `< ${GROWTH_MAX} ×`, reached: `${growth.toFixed(2)} ×`, met: growth < GROWTH_MAX },
    ]
  })
  return { lines, result: { rows, answers: many, rows_tenth: few } }
}
