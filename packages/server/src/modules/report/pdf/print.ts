import { spawn } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { fail, ok, type Result } from '@hirundo/base'
import { groupMemoryBytes } from './memory.ts'

const PRINT_MS_MAX = 60_000
/** Shared pages count in each process; a report needs about a third of it. */
const MEMORY_BYTES_MAX = 2 * 1024 ** 3
const LOOK_EVERY_MS = 500
const PDF_BYTES_MAX = 32 * 1024 * 1024

/**
 * No network, nothing kept; that no script runs is the page's own policy, since printing itself needs the engine. As root Chromium starts only without its sandbox.
 */
const flags = (directory: string, root: boolean): string[] => [
  '--headless', '--disable-gpu', '--no-first-run', '--no-default-browser-check', '--disable-extensions', '--disable-sync',
  '--disable-background-networking', '--disable-component-update', '--disable-breakpad', '--metrics-recording-only', '--mute-audio',
  '--host-resolver-rules=MAP * ~NOTFOUND', '--proxy-server=127.0.0.1:9', '--disable-quic',
  '--renderer-process-limit=1', '--disable-dev-shm-usage', '--password-store=basic', '--use-mock-keychain',
  `--user-data-dir=${join(directory, 'profile')}`, '--no-pdf-header-footer', '--generate-pdf-document-outline',
  `--print-to-pdf=${join(directory, 'report.pdf')}`, ...(root ? ['--no-sandbox'] : []), pathToFileURL(join(directory, 'report.html')).href,
]

/** How a program ended: 0 is well; `reason` when it was stopped. */
interface Ended { readonly code: number | null, readonly reason?: 'time' | 'memory' }

async function run(program: string, args: readonly string[], home: string): Promise<Ended> {
  // A group of its own, so that its children end with it; its standard streams tell nothing that an operator needs.
  const child = spawn(program, args, { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home, LANG: 'C.UTF-8' } })
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', () => resolve({ code: null }))
    child.once('close', (code) => resolve({ code }))
  })
  const over = new AbortController()
  const watch = async (): Promise<Ended> => {
    for (let waited = 0; waited < PRINT_MS_MAX; waited += LOOK_EVERY_MS) {
      await sleep(LOOK_EVERY_MS, undefined, { signal: over.signal })
      if (child.pid !== undefined && (await groupMemoryBytes(child.pid)) > MEMORY_BYTES_MAX) return { code: null, reason: 'memory' }
    }
    return { code: null, reason: 'time' }
  }
  try {
    return await Promise.race([ended, watch().catch(() => ended)])
  } finally {
    over.abort()
    if (child.pid !== undefined) endGroup(child.pid)
    await ended
  }
}

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

async function readPdf(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path).catch(() => undefined)
  if (!file) return undefined
  try {
    const { size } = await file.stat()
    if (size === 0 || size > PDF_BYTES_MAX) return undefined
    const bytes = await file.readFile()
    return bytes.subarray(0, 5).toString('latin1') === '%PDF-' ? bytes : undefined
  } finally {
    await file.close()
  }
}

/**
 * A page as PDF, printed by `browser` with a profile of its own that is thrown away. At most a minute and 2 GiB.
 * Problem: `report/print-failed`.
 */
export async function printPdf(browser: string, page: string): Promise<Result<Uint8Array>> {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-print-'))
  try {
    await writeFile(join(directory, 'report.html'), page, { mode: 0o600 })
    const ended = await run(browser, flags(directory, process.getuid?.() === 0), directory)
    const bytes = ended.reason === undefined ? await readPdf(join(directory, 'report.pdf')) : undefined
    return bytes ? ok(bytes) : fail('report/print-failed', { reason: ended.reason ?? 'browser', exit_code: ended.code ?? -1 })
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
}
