import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { realWorld } from '@hirundo/base'
import { topAnswer } from '@hirundo/contract'
import { launchBrowser, newProfile, plainLook, type BrowserContext, type Look } from '../browser/chromium.ts'
import { sessionCookie, type Reader } from '../browser/stage.ts'
import { makeAdministrator } from '../constellation/administrator.ts'
import { answerOf, startNodeProcess, type NodeProcess } from '../constellation/node-process.ts'
import { enrolAndApprove } from '../constellation/sensor-state.ts'
import { linkStore, readContent, type StoreContent } from './linked-store.ts'

/** What the measurements of pages need of a node and a browser. */
export interface WebStage {
  /** A new profile in which somebody is signed in. */
  reader(look?: Partial<Look>): Promise<Pick<Reader, 'profile'>>
  close(): Promise<void>
}

export interface PastStage extends WebStage {
  readonly node: NodeProcess
  readonly content: StoreContent
}

/** Node and browser are set to this long before the end of what was observed: it stays the present for the whole run. */
const BEFORE_END_MS = 30 * 60_000
const NETWORKS_MS_MAX = 180_000

/** Runs in a page, before its scripts: its clock goes on from then. */
function setBack(behind_ms: number): void {
  const Now = Date
  window.Date = class extends Now {
    constructor(...given: unknown[]) {
      super(...(given.length === 0 ? [Now.now() - behind_ms] : given) as [number])
    }
    static override now(): number {
      return Now.now() - behind_ms
    }
  } as DateConstructor
}

/** Sensors get their numbers one after the other: those of the store are among the first. */
async function enrolSensors(node: NodeProcess, directory: string, count: number): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const name = `simulated-${String(number).padStart(2, '0')}`
    const state_directory = join(directory, 'sensors', name)
    await mkdir(state_directory, { recursive: true, mode: 0o700 })
    await enrolAndApprove({ name, state_directory, simulated: true, destinations: [] }, node.url, node.client)
  }
}

/** The tables of networks are loaded in the first minute, on the cores that are to be measured. */
async function networksLoaded(node: NodeProcess, before: string | null): Promise<void> {
  for (let waited = 0; waited < NETWORKS_MS_MAX; waited += 500) {
    const { tables_as_of } = answerOf(await node.client.call(topAnswer, { params: { dimension: 'economies' }, query: { limit: 1 } }))
    if (tables_as_of !== before) return
    await sleep(500)
  }
  throw new Error('the node did not load its tables of networks')
}

/**
 * A node over a link of the store in `data` (made by `--only answers`), and a browser; both live at the end of its
 * data. What the node does goes to `directory`, which must be on the same file system.
 */
export async function openPast(data: string, directory: string, browser_path: string, say: (text: string) => void): Promise<PastStage> {
  const data_dir = join(directory, 'past')
  say(`linking ${data} …`)
  // As root the database runs under another account, which must pass through; what is not empty needs a node's mark.
  await mkdir(data_dir, { mode: 0o711 })
  await writeFile(join(data_dir, 'hirundo.json'), JSON.stringify({ kind: 'hirundo-data', format: 1 }))
  linkStore(join(data, 'data'), join(data_dir, 'clickhouse/data'))
  const content = await readContent(join(data_dir, 'clickhouse'))
  const behind_ms = realWorld.now() - content.to_s * 1000 + BEFORE_END_MS
  say(`${content.rows.toLocaleString('en')} rows of ${content.sensors.length} sensors, until ${new Date(content.to_s * 1000).toISOString()}; starting a node …`)
  const node = await startNodeProcess({ data_dir, port: 0, behind_ms, env: { HIRUNDO_LOG_LEVEL: 'warn' } })
  try {
    const { tables_as_of } = content
    await enrolSensors(node, data_dir, content.sensors.at(-1)!)
    await networksLoaded(node, tables_as_of)
    const url = node.url.replace('127.0.0.1', 'localhost')
    const { cookie } = await makeAdministrator(url, new URL(node.setup!).hash.slice(1), undefined, behind_ms)
    const browser = await launchBrowser(browser_path)
    return {
      node, content,
      async reader(look = {}) {
        const profile: BrowserContext = await newProfile(browser, url, { ...plainLook, ...look })
        await profile.addCookies([sessionCookie(cookie(), url)])
        await profile.addInitScript(setBack, behind_ms)
        return { profile }
      },
      async close() {
        await browser.close()
        await node.child.stop(30_000)
      },
    }
  } catch (error) {
    await node.child.stop(30_000)
    throw error
  }
}
