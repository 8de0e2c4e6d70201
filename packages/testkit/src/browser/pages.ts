import { realWorld } from '@hirundo/base'
import { topAnswer, type ApiClient } from '@hirundo/contract'
import { answerOf } from '../constellation/node-process.ts'
import { WORM_PORT } from '../traffic/ports.ts'
import type { Page } from './chromium.ts'
import { RECORD_SOURCE } from './warning/planted.ts'
import type { SeededWarning } from './warning/seed.ts'

/** One page as a reader comes to it; `route` is its pattern in the table of routes. */
export interface SamplePage {
  readonly id: string
  readonly route: string
  readonly path: string
}

/** A port that a simulated worm grows on, and one that is always scanned. */
const ports = { worm: `tcp/${WORM_PORT}`, quiet: 'icmp/8-0' } as const

/** As `2026-Q4`, in UTC: the quarter that has the generated traffic; the one before is empty. */
const runningQuarter = (now_ms: number): string => `${new Date(now_ms).getUTCFullYear()}-Q${Math.floor(new Date(now_ms).getUTCMonth() / 3) + 1}`

const page = (id: string, route: string, path = route): SamplePage => ({ id, route, path })

/** Pages of warning: of findings one of each kind, of bulletins one in each state. */
function warningPages({ findings, draft, released, withdrawn, subscription }: SeededWarning): SamplePage[] {
  const finding = (name: string): SamplePage => page(name === 'worm' ? 'finding' : `finding-${name}`, '/warn/findings/$id', `/warn/findings/${findings.get(name)!}`)
  const bulletin = (id: string, of: string, view = ''): SamplePage => page(id, '/warn/bulletins/$id', `/warn/bulletins/${of}${view}`)
  return [
    page('board', '/warn'),
    // Of one address: others are found while a test walks through the page.
    page('board-records', '/warn', `/warn?severity=record&muted=true&subject=${RECORD_SOURCE}`),
    page('board-none', '/warn', '/warn?subject=tcp/1'),
    ...['worm', 'own', 'rsdos', 'drdos', 'new', 'campaign', 'change', 'synchronised', 'spike', 'scan', 'worm-false'].map(finding),
    page('campaigns', '/warn/campaigns'),
    page('forecasts', '/warn/forecasts'),
    page('forecast', '/warn/forecasts/$protocol/$port', '/warn/forecasts/tcp/23'),
    page('forecast-tag', '/warn/forecasts/$protocol/$port', '/warn/forecasts/tags/mirai'),
    page('bulletins', '/warn/bulletins'),
    bulletin('bulletin', draft), bulletin('bulletin-read', draft, '?view=read'), bulletin('bulletin-released', released), bulletin('bulletin-withdrawn', withdrawn),
    page('subscriptions', '/warn/subscriptions'),
    page('subscription', '/warn/subscriptions', `/warn/subscriptions?show=${subscription}`),
    page('detectors', '/warn/detectors'),
    page('detector', '/warn/detectors', '/warn/detectors?show=rsdos'),
  ]
}

/** Every page that needs a session, with data behind it. */
export async function readerPages(client: ApiClient, warning: SeededWarning): Promise<SamplePage[]> {
  const { data: sources } = answerOf(await client.call(topAnswer, { params: { dimension: 'sources' }, query: { limit: 1 } }))
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
    page('answering', '/observe/answering'),
    ...['credentials', 'urls', 'functions'].map((by) => page(`answering-${by}`, '/observe/answering', `/observe/answering?by=${by}`)),
    page('drdos', '/observe/drdos'),
    page('sensors', '/observe/sensors'),
    ...warningPages(warning),
    page('report', '/measure/report', `/measure/report?quarter=${runningQuarter(realWorld.now())}`),
    page('report-empty', '/measure/report'),
    page('settings', '/node/settings'),
    page('people', '/node/people'),
    page('tokens', '/node/tokens'),
    page('audit', '/node/audit'),
    page('decoys', '/node/decoys'),
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
const isDrawn = (): boolean => document.querySelector('h1') !== null && document.querySelector('.skeleton, .skeleton-shell, [aria-busy=true]') === null && document.fonts.status === 'loaded'

/** Questions to the node that a page waits for. The stream of events never ends and is none of them. */
const open_questions = new WeakMap<Page, Set<unknown>>()
const isQuestion = (url: string): boolean => url.includes('/api/v1/') && !url.endsWith('/live')

function questionsOf(page: Page): Set<unknown> {
  const known = open_questions.get(page)
  if (known) return known
  const open = new Set<unknown>()
  open_questions.set(page, open)
  page.on('request', (request) => isQuestion(request.url()) && open.add(request))
  for (const end of ['requestfinished', 'requestfailed'] as const) page.on(end as 'requestfinished', (request) => open.delete(request))
  return open
}

const SETTLE_MS_MAX = 20_000
const two_frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))

/** Waits until a page has its sentence and all its answers, and has drawn them. */
export async function settled(page: Page): Promise<void> {
  const open = questionsOf(page)
  const end = performance.now() + SETTLE_MS_MAX
  // A figure is drawn a frame after its width is known, and an answer may lead to the next question.
  for (let calm = 0; calm < 2;) {
    await page.waitForFunction(isDrawn)
    await page.evaluate(two_frames)
    calm = open.size === 0 && await page.evaluate(isDrawn) ? calm + 1 : 0
    if (performance.now() > end) throw new Error(`${page.url()} still waits for ${open.size} answers after ${SETTLE_MS_MAX / 1000} s`)
  }
}

export async function openPage(page: Page, { path }: SamplePage): Promise<void> {
  questionsOf(page)
  // Navigation to the same document with another fragment would not load the page.
  await page.goto('about:blank')
  await page.goto(path)
  await settled(page)
}
