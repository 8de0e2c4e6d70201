/**
 * `past-node.ts DIR HOST:PORT BEHIND_MS`: a node whose clock is that far behind, so that what was observed then is its
 * present. Prints one line of JSON when ready, as `hirundo start --json` does; ends at SIGTERM.
 */
import { realWorld } from '@hirundo/base'
import { readConfig, startNode } from '@hirundo/server'

const [data_dir, listen, behind_ms] = process.argv.slice(2)
if (data_dir === undefined || listen === undefined || !Number.isSafeInteger(Number(behind_ms))) throw new RangeError('past-node.ts DIR HOST:PORT BEHIND_MS')
const node = await startNode({
  config: readConfig({ environment: process.env, flags: { data_dir, listen } }),
  world: { ...realWorld, now: () => realWorld.now() - Number(behind_ms) },
})
process.once('SIGTERM', () => void node.stop().finally(() => process.exit()))
const { url, token, setup } = node
process.stdout.write(`${JSON.stringify({ ready: true, url, token, setup })}\n`)
