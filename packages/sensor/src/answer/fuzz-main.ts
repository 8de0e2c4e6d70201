// node packages/sensor/src/answer/fuzz-main.ts [--runs N] [--seed N]: hostile first payloads to every dialogue.
import { parseArgs } from 'node:util'
import { fuzzDialogues } from './fuzz.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } })
const started = performance.now()
const result = fuzzDialogues(Number(values.runs), Number(values.seed))
const { rss } = process.memoryUsage()
process.stdout.write(`${JSON.stringify({ ...result, seconds: Math.round((performance.now() - started) / 1000), rss_mib: Math.round(rss / 1024 / 1024) })}\n`)
