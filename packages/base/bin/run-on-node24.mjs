// Starts a TypeScript program of this project on Node 24. Plain JavaScript, because it must work on Node >= 20.19.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NEEDED_MAJOR = 24
const RELAYED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The Node that package-lock.json pins for this machine, or undefined when it is not installed. */
export function pinnedNode() {
  const inPackage = join('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, inPackage)
    if (existsSync(candidate)) return candidate
    if (dirname(folder) === folder) return undefined
  }
}

function runAsChild(node, script, args) {
  const child = spawn(node, [script, ...args], { stdio: 'inherit' })
  for (const signal of RELAYED_SIGNALS) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)
      resolve()
    })
  })
}

/**
 * Runs `script` (absolute path of a TypeScript or JavaScript module) with `args` as its `process.argv.slice(2)`.
 * In this process when it is Node 24 or later, else in a child whose exit code becomes ours and which is sent our
 * signals.
 */
export async function runOnNode24(script, args) {
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) {
    process.argv.splice(1, process.argv.length - 1, script, ...args)
    await import(pathToFileURL(script).href)
    return
  }
  const node = pinnedNode()
  if (!node) {
    process.stderr.write(
      `This program needs Node ${NEEDED_MAJOR}; this is ${process.versions.node} and the pinned one is not installed.\n` +
        'Run "npm ci" without --omit=optional, or start it with Node 24.\n',
    )
    process.exitCode = 1
    return
  }
  await runAsChild(node, script, args)
}
