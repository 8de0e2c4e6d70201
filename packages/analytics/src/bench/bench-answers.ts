/**
 * `node bench-answers.ts --rows 200000000 --data DIR [--count 50] [--seed 1] [--only NAME]`: builds the data in DIR if it is
 * not there yet, asks each answer `count` times with varied parameters, and prints a table and one JSON line.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase, type Database } from '../client.ts'
import { startEmbedded } from '../embedded/embedded.ts'
import { examLayouts } from '../exam/rows.ts'
import { openStore } from '../open-store.ts'
import type { Store } from '../store.ts'
import { build } from './build.ts'
import { measure, type Measured } from './measure.ts'
import { questions, sourceQuestions } from './questions.ts'

/** Tables of an earlier version are brought up to date, and what the engine does about it in the background is waited for. */
async function upgrade(store: Store, db: Database): Promise<void> {
  await store.migrate()
  while ((await db.rows('SELECT 1 FROM system.mutations WHERE NOT is_done LIMIT 1')).length > 0) await new Promise((resolve) => setTimeout(resolve, 1_000))
}

/** Merges what the engine merges by itself once it has rested: else it would do so while answers are measured. */
async function rest(db: Database): Promise<void> {
  for (const table of ['rollup_hour', 'rank_hour', 'coverage_hour']) {
    const found = await db.rows<{ partition: string }>(`SELECT partition FROM system.parts WHERE active AND table = '${table}' GROUP BY partition HAVING count() > 1 ORDER BY partition DESC`)
    for (const { partition } of found) await db.command(`OPTIMIZE TABLE ${table} PARTITION ${partition} FINAL`)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: {
    rows: { type: 'string', default: '20000000' }, data: { type: 'string' }, count: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  } })
  if (!values.data) throw new Error('--data DIR is missing')
  const directory = resolve(values.data)
  const embedded = await startEmbedded({ directory, report: (event) => process.stderr.write(`${JSON.stringify(event)}\n`) })
  const address = { url: embedded.url, agent: embedded.agent }
  const [store, db] = [openStore({ ...address, layouts: examLayouts }), openDatabase(address)]
  const stepFile = (step: string) => join(directory, `bench-${values.rows}-${step}`)
  await upgrade(store, db)
  await build(store, db, Number(values.rows), Number(values.seed), { isDone: (step) => existsSync(stepFile(step)), done: (step) => writeFileSync(stepFile(step), '') })
  await rest(db)
  const seed = Number(values.seed)
  const chosen = [...questions, await sourceQuestions(store, Number(values.count), seed)].filter((asked) => asked.name.includes(values.only))
  const measured: Measured[] = []
  for (const asked of chosen) {
    measured.push(await measure(store, asked, Number(values.count), seed))
    const { name, p50_ms, p95_ms, max_ms, failed } = measured.at(-1)!
    process.stdout.write(`${name.padEnd(24)} p50 ${String(p50_ms).padStart(8)} ms   p95 ${String(p95_ms).padStart(8)} ms   max ${String(max_ms).padStart(8)} ms${failed > 0 ? `   failed ${failed}` : ''}\n`)
  }
  const tables = await store.size()
  process.stdout.write(`${JSON.stringify({ bench: 'answers', rows: Number(values.rows), count: Number(values.count), seed, answers: measured, tables })}\n`)
  await store.close()
  await db.close()
  await embedded.stop()
}

await main()
