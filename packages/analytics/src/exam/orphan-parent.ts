/** Starts the embedded engine in the directory given, says so, and waits to be killed; exits at once when its stdin ends. */
import { startEmbedded } from '../embedded/embedded.ts'

const embedded = await startEmbedded({ directory: process.argv[2]! })
process.stdin.once('end', () => process.exit(1)).resume()
process.stdout.write(`${embedded.pid()}\n`)
setInterval(() => {}, 60_000)
