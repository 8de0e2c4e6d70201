import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { jsonLine } from '../process/programs.ts'
import type { Line } from './report.ts'

const program = fileURLToPath(new URL('../../../analytics/src/bench/bench-answers.ts', import.meta.url))
const P95_MS_MAX = 300

/** Runs the analytics package's own benchmark of answers in a process of its own; its last line is JSON. */
export async function answersBench(directory: string, rows: number, say: (text: string) => void): Promise<{ lines: readonly Line[]; result: unknown }> {
  if (!existsSync(program)) throw new Error('packages/analytics has no benchmark of answers')
  say(`answers over ${rows.toLocaleString('en')} rows …`)
  const child = spawn(process.execPath, [program, '--rows', String(rows), '--directory', directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    process.stderr.write(text)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const result = jsonLine(out.trimEnd().split('\n').at(-1) ?? '')
  if (!result) throw new Error(`the benchmark of answers ended with ${code} and without a result`)
  return { lines: linesOf(result), result }
}

function linesOf(result: Readonly<Record<string, unknown>>): Line[] {
  const p95_ms = Number(result['p95_ms'])
  return [{ what: 'answers, slowest p95', goal: '≤ 300 ms', reached: `${Math.round(p95_ms)} ms`, met: p95_ms <= P95_MS_MAX }]
}
