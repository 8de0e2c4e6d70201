import { topAnswer, type ApiClient } from '@hirundo/contract'
import { answerOf } from '../constellation/node-process.ts'
import { WORM_PORT } from '../traffic/ports.ts'
import type { Page } from './chromium.ts'

/** One page as a reader comes to it; `route` is its pattern in the table of routes. */
export interface SamplePage {
  readonly id: string
  readonly route: string
  readonly path: string
}

/** A port that a simulated worm grows on, and one that is always scanned. */
const ports = { worm: `tcp/${WORM_PORT}`, quiet: 'icmp/8-0' } as const

/** Every page that needs a session, with data behind it. */
export async function readerPages(client: ApiClient): Promise<SamplePage[]> {
  const { data: sources } = answerOf(await client.call(topAnswer, { params: { dimension: 'sources' }, query: { limit: 1 } }))
  const page = (id: string, route: string, path = route): SamplePage => ({ id, route, path })
  return [
    page('overview', '/observe'),
    page('explore', '/observe/explore'),
    page('explore-ports', '/observe/explore', '/observe/explore?dimension=port&key=tcp/23&key=tcp/22'),
    page('compare', '/observe/compare'),
    ...['ports', 'economies', 'asns', 'sources', 'sensors', 'protocols'].map((dimension) => page(`top-${dimension}`, '/observe/top/$dimension', `/observe/top/${dimension}`)),
    page('port', '/observe/ports/$protocol/$port', `/observe/ports/${ports.worm}`),
    page('port-icmp', '/observe/ports/$protocol/$port', `/observe/ports/${ports.quiet}`),
    page('source', '/observe/sources/$address', `/observe/sources/${encodeURIComponent(sources[0]!.source!)}`),
    page('economies', '/observe/economies'),
    page('sensors', '/observe/sensors'),
    page('report', '/measure/report'),
    page('settings', '/node/settings'),
    page('people', '/node/people'),
    page('tokens', '/node/tokens'),
    page('audit', '/node/audit'),
    page('account', '/account'),
    page('ui', '/ui'),
    page('ui-long-series', '/ui/long-series', '/ui/long-series?points=20000'),
    page('not-found', '*', '/nowhere'),
  ]
}

/** Pages of who has not signed in; `setup` is where the node's one-time link leads. */
export const strangerPages = (setup: string): SamplePage[] => [
  { id: 'setup', route: '/setup', path: setup },
  { id: 'sign-in', route: '/sign-in', path: '/sign-in' },
  { id: 'invitation', route: '/invitation', path: '/invitation#unknown' },
]

/** Runs in the page. */
const isSettled = (): boolean => document.querySelector('h1') !== null && document.querySelector('.skeleton, .skeleton-shell, [aria-busy=true]') === null && document.fonts.status === 'loaded'

/** Waits until a page has its sentence and all its answers. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(isSettled)
  // Figures are drawn when their width is known, one frame after they are there.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

export async function openPage(page: Page, { path }: SamplePage): Promise<void> {
  // Navigation to the same document with another fragment would not load the page.
  await page.goto('about:blank')
  await page.goto(path)
  await settled(page)
}
