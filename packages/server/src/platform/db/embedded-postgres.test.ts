import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { OperatorError } from '../operator-error.ts'
import { removeDirectory, silent, startTestPostgres, temporaryDirectory, type TestPostgres } from '../testing/postgres.ts'
import { connect, isAway } from './connect.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { firstUnreachable } from './run-as.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = 65_534
let postgres: TestPostgres
before(async () => {
  postgres = await startTestPostgres()
})
after(() => postgres.stop())

const show = async (name: string) => (await postgres.pool.query<{ value: string }>('select current_setting($1) as value', [name])).rows[0]!.value

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await what().catch(() => false)) return
    await sleep(25)
  }
  assert.fail('never came')
}

const gone = (pid: number) => async () => {
  try {
    process.kill(pid, 0)
  } catch {
    return true
  }
  return (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' Z ')).includes(' Z ')
}

test('is UTF-8, in UTC, durable, and reachable by no network', async () => {
  assert.equal(await show('server_encoding'), 'UTF8')
  assert.equal(await show('TimeZone'), 'UTC')
  assert.equal(await show('fsync'), 'on')
  assert.equal(await show('full_page_writes'), 'on')
  assert.equal(await show('synchronous_commit'), 'on')
  assert.equal(await show('listen_addresses'), '')
  const { rows } = await postgres.pool.query(`select datlocprovider as provider, datlocale as locale from pg_database where datname = 'postgres'`)
  assert.deepEqual(rows, [{ provider: 'b', locale: 'C.UTF-8' }])
  const folder = await stat(postgres.embedded.connection.host)
  assert.equal(folder.mode & 0o077, 0, 'the socket’s directory is open to others')
})

test('runs as root never, and its files are its own', async () => {
  const { uid, mode } = await stat(postgres.embedded.cluster)
  assert.notEqual(uid, 0)
  assert.equal(mode & 0o077, 0)
})

test('64-bit integers are numbers, and one that a number cannot hold throws', async () => {
  const one = await sql<{ n: number }>`select 9007199254740991::bigint as n`.execute(postgres.db)
  assert.equal(one.rows[0]!.n, Number.MAX_SAFE_INTEGER)
  await assert.rejects(sql`select 9007199254740992::bigint as n`.execute(postgres.db), RangeError)
})

test('comes back after SIGKILL with what was committed, and says "away" until then', async () => {
  await postgres.pool.query('create table kept (n int)')
  await postgres.pool.query('insert into kept values (1)')
  const pid = postgres.embedded.pid()!
  process.kill(pid, 'SIGKILL')
  await until(gone(pid))
  const failures: unknown[] = []
  await until(() => postgres.ping().then(() => true, (error: unknown) => {
    failures.push(error)
    return false
  }))
  for (const error of failures) assert.ok(isAway(error), String(error))
  assert.notEqual(postgres.embedded.pid(), pid)
  assert.deepEqual((await postgres.pool.query('select n from kept')).rows, [{ n: 1 }])
})

test('comes back after SIGKILL of one of its own backends', async () => {
  const { rows } = await postgres.pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  process.kill(rows[0]!.pid, 'SIGKILL')
  await until(() => postgres.ping().then(() => true))
})

test('an orphan of a killed node is ended by the next start, which keeps the data', async () => {
  const directory = await temporaryDirectory()
  const child = spawn(process.execPath, [fileURLToPath(new URL('../testing/hold-postgres.ts', import.meta.url)), directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const orphan = Number(line.toString())
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(await gone(orphan)(), false, 'the orphan should still run')
  const next = await startEmbeddedPostgres({ data_dir: directory, log: silent, onRestart: () => undefined })
  try {
    assert.ok(await gone(orphan)())
    const { pool, close } = connect(next.connection, silent)
    assert.deepEqual((await pool.query('select n from held')).rows, [{ n: 7 }])
    await close()
  } finally {
    await next.stop()
    await removeDirectory(directory)
  }
})

test('is tried again when it is killed before its first answer', { timeout: 60_000 }, async () => {
  const directory = await temporaryDirectory()
  const starting = startEmbeddedPostgres({ data_dir: directory, log: silent, onRestart: () => assert.fail('it had answered already') })
  const killed = until(async () => process.kill(Number((await readFile(join(directory, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL'))
  const started = await starting
  await killed
  const { ping, close } = connect(started.connection, silent)
  await ping()
  await close()
  await started.stop()
  await removeDirectory(directory)
})

test('a directory too deep for a socket gets a short one, which goes away again', async () => {
  const directory = await temporaryDirectory()
  const deep = join(directory, 'd'.repeat(120))
  await mkdir(deep, { mode: 0o711 })
  const started = await startEmbeddedPostgres({ data_dir: deep, log: silent, onRestart: () => undefined })
  const { host } = started.connection
  assert.ok(Buffer.byteLength(`${host}/.s.PGSQL.5432`) <= 100)
  await started.stop()
  await assert.rejects(stat(host), { code: 'ENOENT' })
  await removeDirectory(directory)
})

test('a directory that its account may not enter is named', { skip: isRoot ? false : 'only root runs it as another account' }, async () => {
  const directory = await temporaryDirectory()
  const closed = join(directory, 'closed')
  await mkdir(join(closed, 'data'), { recursive: true })
  await chmod(closed, 0o700)
  await assert.rejects(
    startEmbeddedPostgres({ data_dir: join(closed, 'data'), log: silent, onRestart: () => undefined }),
    (error) => error instanceof OperatorError && error.message.includes(closed) && !error.message.includes(join(closed, 'data')),
  )
  await removeDirectory(directory)
})

test('starts without root, too', { skip: isRoot && !firstUnreachable(process.execPath, { uid: NOBODY, gid: NOBODY }) ? false : 'needs root and a Node that others reach' }, async () => {
  const directory = await temporaryDirectory()
  await chmod(directory, 0o777)
  const child = spawn(process.execPath, [fileURLToPath(new URL('../testing/hold-postgres.ts', import.meta.url)), join(directory, 'own')], {
    uid: NOBODY, gid: NOBODY, stdio: ['pipe', 'pipe', 'inherit'], cwd: '/', env: { PATH: process.env['PATH'] },
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  assert.ok(Number(line.toString()) > 0)
  assert.equal((await stat(join(directory, 'own/postgres'))).uid, NOBODY)
  child.stdin.end()
  await once(child, 'exit')
  assert.deepEqual(await readdir(join(directory, 'own/postgres-socket')), [])
  await removeDirectory(directory)
})
