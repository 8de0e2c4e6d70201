import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { removeDirectory, temporaryDirectory } from '../../platform/testing/postgres.ts'
import { table, type Cli } from './frame.ts'
import { makeProgram } from './program.ts'
import { run } from './run.ts'

const shim = fileURLToPath(new URL('../../../bin/hirundo.mjs', import.meta.url))
let directory = ''
let child: ReturnType<typeof spawn>
let first: { ready: boolean; url: string; token: string; setup: string }
const lines: string[] = []
let closed: Promise<unknown[]>

/** Starts a node as people do; resolves with its first line. */
async function start(...more: string[]): Promise<typeof first> {
  child = spawn(process.execPath, [shim, 'start', '--data', join(directory, 'node'), '--listen', '127.0.0.1:0', '--json', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HIRUNDO_OBSERVATORY: '{"networks":false}' },
  })
  child.stderr!.resume()
  closed = once(child, 'exit')
  const output = createInterface({ input: child.stdout! })
  lines.length = 0
  output.on('line', (line) => lines.push(line))
  await once(output, 'line')
  return JSON.parse(lines[0]!) as typeof first
}

before(async () => {
  directory = await temporaryDirectory()
  first = await start()
})
after(async () => {
  child.kill('SIGKILL')
  await removeDirectory(directory)
})

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command line in a process of its own, as people do. */
function hirundo(args: readonly string[], environment: Record<string, string> = {}): Ran {
  const { HIRUNDO_URL: _, HIRUNDO_TOKEN: __, ...inherited } = process.env
  const ran = spawnSync(process.execPath, [shim, ...args], { encoding: 'utf8', env: { ...inherited, LC_ALL: 'C', ...environment } })
  return { code: ran.status ?? -1, out: ran.stdout, err: ran.stderr }
}

const node = () => ({ HIRUNDO_URL: first.url, HIRUNDO_TOKEN: first.token })

test('start --json prints one line when ready, with the token on the first start', () => {
  assert.deepEqual(Object.keys(first), ['ready', 'url', 'token', 'setup'])
  assert.ok(first.setup.startsWith(`${first.url}/setup#`))
  assert.match(first.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.match(first.token, /^hir_/)
  assert.equal(lines.length, 1)
})

test('finds the node by the environment or by its directory', () => {
  const byEnvironment = hirundo(['status', '--format', 'json'], node())
  assert.equal(byEnvironment.code, 0, byEnvironment.err)
  assert.equal((JSON.parse(byEnvironment.out) as { ready: boolean }).ready, true)
  const byDirectory = hirundo(['status', '--data', join(directory, 'node')])
  assert.match(byDirectory.out, /^ready, version/)
})

test('makes, lists and revokes tokens, and shows the audit', () => {
  const made = hirundo(['token', 'create', '--name', 'a', '--scope', 'audit:read', '--format', 'json'], node())
  const { token, view } = JSON.parse(made.out) as { token: string; view: { id: string } }
  assert.match(hirundo(['audit'], { ...node(), HIRUNDO_TOKEN: token }).out, /token\.create/)
  assert.equal(hirundo(['token', 'revoke', view.id], node()).code, 0)
  const refused = hirundo(['audit'], { ...node(), HIRUNDO_TOKEN: token })
  assert.equal(refused.code, 1)
  assert.match(refused.err, /valid token.*auth\/required/)
  assert.match(refused.err, /HIRUNDO_TOKEN/, 'the next step is missing')
  assert.match(hirundo(['token', 'list'], node()).out, /revoked/)
})

test('invites, lists, changes and disables people, and makes what is printed once', () => {
  const person = (...args: string[]) => hirundo(['person', ...args], node())
  const linked = person('setup-link')
  assert.match(linked.out, new RegExp(`^${first.url}/setup#[\\w-]{43}\n`))
  const invited = person('invite', 'Ai@Example.org', '--name', 'Ai', '--role', 'analyst', '--language', 'ja', '--time-zone', 'Asia/Tokyo')
  assert.match(invited.out, new RegExp(`^${first.url}/invitation#[\\w-]{43}\n`), invited.err)
  assert.match(person('role', 'ai@example.org', '--role', 'viewer').out, /is viewer, invited/)
  assert.match(person('disable', 'AI@example.org').out, /is viewer, disabled/)
  assert.match(person('enable', 'ai@example.org').out, /is viewer, invited/)
  assert.match(person('reinvite', 'ai@example.org').out, /\/invitation#/)
  assert.match(person('disable', 'nobody@example.org').err, /Nobody is called/)
  const emergency = JSON.parse(person('break-glass', '--format', 'json').out) as { password: string }
  assert.match(emergency.password, /^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/)
  const listed = person('list').out
  assert.match(listed, /break-glass@node .*administrator .*active .*password alone/)
  assert.match(listed, /ai@example\.org .*viewer .*invited/)
})

test('asks a node about interactions and keeps its registers, in this process', async () => {
  const marks = join(directory, 'marks.txt')
  await writeFile(marks, '240.0.0.0/24\n')
  const said = async (...args: string[]) => {
    const ran = await inside([...args, '--url', first.url], { HIRUNDO_TOKEN: first.token })
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.err}`)
    return ran
  }
  assert.match((await said('decoys', 'add', '203.0.113.64/26', '--note', 'rack 3')).out, /is in the register/)
  assert.match((await said('decoys', 'list')).out, /203\.0\.113\.64\/26 +rack 3/)
  assert.match((await said('decoys', 'remove', '203.0.113.64/26')).out, /no longer/)
  assert.match((await said('marks', 'load', marks, '--list', 'vpn', '--kind', 'vpn', '--as-of', '2026-11-20')).out, /^vpn: 1 networks/)
  assert.match((await said('evidence', '240.0.0.1')).out, /no answering sensor heard it in this period; --from -30d looks further back\nmay stand for many people: vpn, by vpn of 2026-11-20/)
  assert.match((await said('marks', 'remove', 'vpn')).out, /is removed/)
  assert.match((await said('interactions', 'top', 'credentials')).err, /0 of 0 sensors heard somebody/)
  assert.match((await said('interactions', 'series')).out, /^AT +NONE +COMPLETED/)
  assert.match((await said('drdos')).out, /^0 attacks, 0 shown, by ampot: at least 100 requests/)
  assert.match((await said('indicators', 'passwords')).err, /hmac-sha256, key [\da-f]{16}; only values of at least 5 sources/)
})

test('the node’s texts come in the language of the terminal', () => {
  const refused = hirundo(['audit'], { HIRUNDO_URL: first.url, HIRUNDO_TOKEN: 'x', LC_ALL: 'ja_JP.UTF-8' })
  assert.match(refused.err, /有効なトークンを送信してください/)
})

/** The same in this process, for what needs none of its own. */
async function inside(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  let out = ''
  let err = ''
  const cli: Cli = {
    environment,
    out: (text) => {
      out += text
    },
    note: (text) => {
      err += text
    },
  }
  return { code: await run(cli, args), out, err }
}

test('wrong usage is 2, what fails is 1, help is 0', async () => {
  assert.equal(hirundo(['nope']).code, 2)
  assert.equal(hirundo(['status', '--url', 'nonsense']).code, 1)
  for (const args of [['nope'], ['token', 'create'], ['audit', '--limit', 'x'], ['status', '--format', 'xml'], ['restore', '--from', '/x'], ['token', 'create', '--name', 'a', '--scope', 'root']]) {
    const ran = await inside(args)
    assert.equal(ran.code, 2, args.join(' '))
    assert.ok(ran.err.length > 0)
  }
  for (const args of [['status', '--url', 'http://127.0.0.1:1'], ['status', '--data', join(directory, 'none')], ['status', '--url', 'nonsense'], ['start', '--listen', 'nonsense'],
    ['start', '--config', '/no/such/file'], ['restore', '--from', directory, '--data', join(directory, 'r')]]) {
    const ran = await inside(args)
    assert.equal(ran.code, 1, args.join(' '))
    assert.ok(ran.err.length > 0 && !ran.err.includes('    at '), `a stack is no message: ${ran.err}`)
  }
  assert.equal((await inside(['--help'])).code, 0)
  assert.equal((await inside(['--version'])).out.trim().split('.').length, 3)
})

test('doctor examines and exits by what it finds', () => {
  const ran = hirundo(['doctor', '--data', join(directory, 'node'), '--format', 'json'], { DATABASE_URL: '' })
  const found = JSON.parse(ran.out) as { ok: boolean; running: boolean; checks: { name: string; ok: boolean }[] }
  assert.equal(found.running, true)
  assert.ok(found.checks.some(({ name, ok }) => name === 'clickhouse' && ok))
  assert.equal(ran.code, found.ok ? 0 : 1)
  const foreign = hirundo(['doctor', '--data', '/usr', '--listen', '127.0.0.1:0'])
  assert.equal(foreign.code, 1)
  assert.match(foreign.out, /FAILED {2}data directory/)
})

test('every command explains itself and takes no command for another', async () => {
  const cli: Cli = { environment: {}, out: () => undefined, note: () => undefined }
  const walk = (command: Command): Command[] => [command, ...command.commands.flatMap(walk)]
  for (const command of walk(makeProgram(cli))) assert.ok(command.description().length > 0, command.name())
  await assert.rejects(makeProgram(cli).parseAsync(['node', 'hirundo', 'toke']), { code: 'commander.unknownCommand' })
})

test('after kill -9 the next start continues; it offers no token unless asked', async () => {
  child.kill('SIGKILL')
  await closed
  assert.match(hirundo(['status', '--data', join(directory, 'node')]).err, /did not answer/)
  const again = await start()
  assert.deepEqual(Object.keys(again), ['ready', 'url', 'setup'])
  assert.notEqual(again.setup, first.setup, 'a link in an old log is of no use')
  assert.match(hirundo(['token', 'list'], { HIRUNDO_URL: again.url, HIRUNDO_TOKEN: first.token }).out, /administrator/)
  child.kill('SIGINT')
  await closed
  const asked = await start('--new-admin-token')
  assert.notEqual(asked.token, first.token)
  assert.equal(hirundo(['token', 'list'], { HIRUNDO_URL: asked.url, HIRUNDO_TOKEN: asked.token }).code, 0)
})

test('stop waits until the node has ended, in order; again is no error', async () => {
  assert.equal(hirundo(['stop', '--data', join(directory, 'node')]).code, 0)
  const [code, signal] = await closed
  assert.deepEqual([code, signal], [0, null])
  assert.equal(lines.length, 1, 'nothing else on stdout')
  assert.equal(hirundo(['stop', '--data', join(directory, 'node')]).code, 0)
})

test('tables align by what a terminal shows, also in wide scripts', () => {
  const text = table([{ a: '観測', n: 5 }, { a: 'x', n: 12 }], [{ title: 'A', value: (row) => row.a }, { title: 'N', value: (row) => row.n }])
  assert.equal(text, 'A      N\n観測   5\nx     12')
})
