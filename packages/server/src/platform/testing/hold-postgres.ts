/** Runs an embedded PostgreSQL in the directory given, with one row, until stdin ends; prints its process id. For tests that kill us. */
import { mkdir } from 'node:fs/promises'
import { connect } from '../db/connect.ts'
import { startEmbeddedPostgres } from '../db/embedded-postgres.ts'
import { silent } from './postgres.ts'

const data_dir = process.argv[2]!
await mkdir(data_dir, { recursive: true })
const held = await startEmbeddedPostgres({ data_dir, log: silent, onRestart: () => undefined })
const { pool, close } = connect(held.connection, silent)
await pool.query('create table held (n int)')
await pool.query('insert into held values (7)')
process.stdout.write(`${held.pid()}\n`)
process.stdin.resume()
process.stdin.once('end', async () => {
  await close()
  await held.stop()
})
