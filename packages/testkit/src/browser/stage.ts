import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Demo } from '../demo/demo.ts'
import { readArguments } from '../demo/arguments.ts'
import { cookieOf, makeAdministrator, type Administrator, type Cookie } from '../constellation/administrator.ts'
import { launchBrowser, newProfile, plainLook, type Browser, type BrowserContext, type Look } from './chromium.ts'
import { watchProfile, type Watch } from './watch.ts'
import { seedWarning, type SeededWarning } from './warning/seed.ts'

export interface StageOptions {
  readonly browser: string
  readonly backfill_hours: number
  /** Whether simulated sensors go on sending after their history. */
  readonly live: boolean
  readonly say?: (text: string) => void
  readonly flags?: readonly string[]
}

/** A reader: a profile of the browser in which somebody is signed in, and what went wrong in it. */
export interface Reader {
  readonly profile: BrowserContext
  readonly watch: Watch
}

/** A real node with five simulated sensors and their history, and a browser. Nobody has signed in yet. */
export class Stage {
  readonly demo: Demo
  readonly browser: Browser
  /** By name: a passkey belongs to a domain and not to an address. */
  readonly url: string
  readonly #directory: string
  readonly #end: AbortController
  readonly #traffic: Promise<void>
  #administrator: Promise<Administrator> | undefined
  #warning: Promise<SeededWarning> | undefined

  private constructor(parts: { demo: Demo; browser: Browser; directory: string; end: AbortController; live: boolean }) {
    this.demo = parts.demo
    this.browser = parts.browser
    this.url = nameOf(parts.demo.node.url)
    this.#directory = parts.directory
    this.#end = parts.end
    this.#traffic = parts.live ? parts.demo.live() : Promise.resolve()
    // It is awaited at the end; a failure before is told by the pages.
    this.#traffic.catch(() => undefined)
  }

  static async open(options: StageOptions): Promise<Stage> {
    const directory = await mkdtemp(join(tmpdir(), 'hirundo-stage-'))
    // As root the database runs under another account, which must reach its directory.
    await chmod(directory, 0o711)
    const end = new AbortController()
    const args = readArguments(['--backfill-hours', String(options.backfill_hours)])
    if (args === 'help') throw new Error('no help was asked for')
    const closing: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true, maxRetries: 5 })]
    try {
      const demo = await Demo.start(args, directory, { say: options.say ?? (() => undefined), interrupted: end.signal })
      closing.unshift(() => demo.stop())
      await demo.backfill()
      endWithUs(demo)
      const browser = await launchBrowser(options.browser, options.flags)
      return new Stage({ demo, browser, directory, end, live: options.live })
    } catch (error) {
      for (const close of closing) await close()
      throw error
    }
  }

  /** Where the node's one-time link leads, before anybody has signed in. */
  get setupPath(): string {
    const { setup } = this.demo.node
    if (setup === undefined) throw new Error('the node printed no link that makes its first administrator')
    const { pathname, hash } = new URL(setup)
    return pathname + hash
  }

  /** The first administrator, made when first asked for. */
  administrator(): Promise<Administrator> {
    return this.#administrator ??= makeAdministrator(this.url, new URL(this.setupPath, this.url).hash.slice(1))
  }

  /** Findings of every kind, bulletins and subscriptions, put there when first asked for. */
  warning(): Promise<SeededWarning> {
    return this.#warning ??= this.administrator().then(({ client }) => seedWarning(join(this.#directory, 'node'), client))
  }

  /** A new profile in which the administrator is signed in. */
  async reader(look: Partial<Look> = {}): Promise<Reader> {
    const { cookie, keep } = await this.administrator()
    const reader = await this.stranger(look)
    await reader.profile.addCookies([sessionCookie(cookie(), this.url)])
    const { name } = cookie()
    reader.profile.on('response', (response) => {
      void response.headerValue('set-cookie').then((text) => text?.startsWith(`${name}=`) && cookieOf(text).value !== '' && keep(cookieOf(text)), () => undefined)
    })
    return reader
  }

  /** A new profile in which nobody is signed in. */
  async stranger(look: Partial<Look> = {}): Promise<Reader> {
    const profile = await newProfile(this.browser, this.url, { ...plainLook, ...look })
    return { profile, watch: await watchProfile(profile, this.url) }
  }

  /** Browser, sensors, node, files, in this order. */
  async close(): Promise<void> {
    await this.browser.close()
    this.#end.abort()
    try {
      await this.#traffic
    } finally {
      await this.demo.stop()
      await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

/** A test run that is stopped in the middle must leave no node behind. */
function endWithUs(demo: Demo): void {
  process.once('exit', () => demo.node.child.isRunning && demo.node.child.kill('SIGTERM'))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1))
}

/** As the node sets it: a browser takes a secure cookie from this machine without TLS, but from its store only with it. */
export const sessionCookie = (cookie: Cookie, url: string) => ({ ...cookie, url: url.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Strict' as const })

const nameOf = (url: string): string => url.replace('127.0.0.1', 'localhost')
