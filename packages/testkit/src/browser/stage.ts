import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Language } from '@hirundo/contract'
import { Demo } from '../demo/demo.ts'
import { readArguments } from '../demo/arguments.ts'
import { makeAdministrator, type Administrator } from './administrator.ts'
import { launchBrowser, newProfile, plainLook, type Browser, type BrowserContext, type Look } from './chromium.ts'
import { watchProfile, type Watch } from './watch.ts'

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

/** A real node with five simulated sensors and their history, an administrator, and a browser. */
export class Stage {
  readonly demo: Demo
  readonly administrator: Administrator
  readonly browser: Browser
  /** By name: a passkey belongs to a domain and not to an address. */
  readonly url: string
  readonly #directory: string
  readonly #end: AbortController
  readonly #traffic: Promise<void>

  private constructor(parts: { demo: Demo; administrator: Administrator; browser: Browser; directory: string; end: AbortController; live: boolean }) {
    this.demo = parts.demo
    this.administrator = parts.administrator
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
      const administrator = await makeAdministrator(demo.node, nameOf(demo.node.url))
      const browser = await launchBrowser(options.browser, options.flags)
      return new Stage({ demo, administrator, browser, directory, end, live: options.live })
    } catch (error) {
      for (const close of closing) await close()
      throw error
    }
  }

  /** A new profile in which the administrator is signed in and reads in the language of `look`. */
  async reader(look: Partial<Look> = {}): Promise<Reader> {
    const full = { ...plainLook, ...look }
    await this.administrator.speak(full.language as Language)
    const reader = await this.stranger(full)
    await reader.profile.addCookies([{ ...this.administrator.cookie(), url: this.url.replace('http:', 'https:'), httpOnly: true, sameSite: 'Strict' }])
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

const nameOf = (url: string): string => url.replace('127.0.0.1', 'localhost')
