/** Starts the embedded engine in the directory given, says so, and waits to be killed. */
import { startEmbedded } from '../embedded/embedded.ts'

const embedded = await startEmbedded({ directory: process.argv[2]! })
process.stdout.write(`${embedded.pid()}\n`)
setInterval(() => {}, 60_000)
