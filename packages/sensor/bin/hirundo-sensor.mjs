#!/usr/bin/env node
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'
import { runOnNode24 } from '@hirundo/base/run-on-node24'

// Types are stripped and code compiled once, not at each start. In the checkout, because a directory that others can
// write to would let them choose what runs; where it cannot be written, nothing is kept. Node 20 has no such cache.
module.enableCompileCache?.(fileURLToPath(new URL('../../../node_modules/.cache/hirundo-sensor', import.meta.url)))

await runOnNode24(fileURLToPath(new URL('../src/main.ts', import.meta.url)), process.argv.slice(2))
