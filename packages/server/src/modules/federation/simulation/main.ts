import { parseArgs } from 'node:util'
import { catchUp } from './catch-up.ts'
import { simulate, type Counts } from './run.ts'

const usage = `Seeded simulation of the federation's core.
  --seeds N     run N seeds and tell which did not hold
  --from S      begin with seed S (1); one failed seed again: --seeds 1 --from SEED
  --catch-up N  entries per second that one core verifies and takes in a bulk lane
`
const say = (text: string): void => void process.stdout.write(`${text}\n`)

const { values } = parseArgs({ options: { seeds: { type: 'string' }, from: { type: 'string' }, 'catch-up': { type: 'string' } } })

function numberOf(text: string, name: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1 && value < 2 ** 31) return value
  say(`--${name} takes a whole number from 1`)
  return process.exit(2)
}

/** The sum of what happened in all seeds. */
function add(total: Record<string, number>, counts: Counts): void {
  for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + (count as number)
}

function runSeeds(seeds: number, from: number): void {
  const total: Record<string, number> = {}
  let held = 0
  for (let seed = from; seed < from + seeds; seed++) {
    const outcome = simulate(seed)
    add(total, outcome.counts)
    if (outcome.faults.length === 0) {
      held += 1
      continue
    }
    say(`seed ${seed} did not hold; replay: --seeds 1 --from ${seed}`)
    for (const fault of outcome.faults.slice(0, 5)) say(`  ${fault}`)
  }
  say(`${held} of ${seeds} seeds held (from ${from}); ${Object.entries(total).map(([name, count]) => `${name} ${count}`).join(', ')}`)
  if (held < seeds) process.exitCode = 1
}

function runCatchUp(entries: number): void {
  catchUp(Math.min(entries, 5000))
  const { batches, bytes, seconds, entries_per_s } = catchUp(entries)
  say(
    `catch-up: ${entries_per_s} entries/s verified and taken on one core (CPU time ${seconds.toFixed(2)} s for ${entries} entries in ` +
      `${batches} batches, ${(bytes / 1e6).toFixed(1)} MB on the wire, bulk lane, after a warm-up; without a store), Node ${process.versions.node}`,
  )
}

if (values['catch-up'] !== undefined) runCatchUp(numberOf(values['catch-up'], 'catch-up'))
if (values.seeds !== undefined) runSeeds(numberOf(values.seeds, 'seeds'), numberOf(values.from ?? '1', 'from'))
if (values.seeds === undefined && values['catch-up'] === undefined) say(usage)
