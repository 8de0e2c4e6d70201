// Runs a script of the project with what package-lock.json names: installs it first where it is missing or differs,
// then starts the pinned Node. Plain JavaScript, because it must work on whatever Node >= 20.19 the machine has.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))

/** Whether every locked package that this platform needs is installed in the locked version. */
function installed() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false
  const locked = readJson('package-lock.json').packages
  const present = readJson('node_modules/.package-lock.json').packages
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.optional) return !path.startsWith('node_modules/') || !present[path] || present[path].version === entry.version
    if (entry.link) return existsSync(join(root, path))
    return present[path]?.version === entry.version && existsSync(join(root, path))
  })
}

function install() {
  process.stderr.write('Installing what package-lock.json names (once; about a gigabyte on disk) …\n')
  const npm = process.env.npm_execpath
  const command = npm ? [process.execPath, npm] : ['npm']
  const result = spawnSync(command[0], [...command.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (result.status !== 0) {
    process.stderr.write('npm ci failed: see above; the project needs npm and a package registry it can reach.\n')
    process.exit(1)
  }
}

const [script, ...args] = process.argv.slice(2)
if (!script) {
  process.stderr.write('usage: node scripts/run.mjs SCRIPT [ARG …]\n')
  process.exit(2)
}
if (!installed()) install()
process.env.PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`
// npm that is ended by a signal leaves what it runs behind: a demo would go on with its node and stores.
const parent = process.ppid
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 1000).unref()
}
const { runOnNode24 } = await import('../packages/base/bin/run-on-node24.mjs')
await runOnNode24(join(root, script), args)
