import { topAnswer, type ApiClient } from '@hirundo/contract'
import { webAssets } from '@hirundo/web/assets'
import { findBrowser } from '../browser/find-browser.ts'
import { JAVASCRIPT_GZIP_BYTES_MAX, overviewSize } from '../browser/page-size.ts'
import type { SamplePage } from '../browser/pages.ts'
import { Stage } from '../browser/stage.ts'
import { answerOf } from '../constellation/node-process.ts'
import { median, percentile } from './measure.ts'
import { openPast, type WebStage } from './past-stage.ts'
import type { Line } from './report.ts'
import { interactions } from './web-interactions.ts'
import { paints, type Paint } from './web-paint.ts'
import { FRAME_MS_MAX, pan, POINTS } from './web-pan.ts'

const PAINT_MS_MAX = 1000
const INTERACTION_MS_MAX = 100
/** Of each page; the first is not counted. */
const LOADS = 9

const ms = (value: number): string => `${Math.round(value * 10) / 10} ms`

/** The pages that an analyst opens, at their own period and over longer ones. */
async function pagesOf(client: ApiClient): Promise<SamplePage[]> {
  const { data: sources } = answerOf(await client.call(topAnswer, { params: { dimension: 'sources' }, query: { limit: 1 } }))
  const page = (id: string, path: string): SamplePage => ({ id, path, route: path })
  const source = `/observe/sources/${encodeURIComponent(sources[0]!.source!)}`
  return [
    page('overview', '/observe'),
    page('explore', '/observe/explore'),
    page('explore two ports, 30 days', '/observe/explore?last=30d&dimension=port&key=tcp/23&key=tcp/22'),
    page('explore, 365 days', '/observe/explore?last=365d'),
    page('compare', '/observe/compare'),
    page('ports', '/observe/top/ports'),
    page('ports, 90 days', '/observe/top/ports?last=90d'),
    page('sources', '/observe/top/sources'),
    page('port', '/observe/ports/tcp/23'),
    page('source', source),
    page('economies', '/observe/economies'),
    page('economies, 30 days', '/observe/economies?last=30d'),
    page('sensors', '/observe/sensors'),
  ]
}

interface Painted {
  readonly id: string
  readonly paints: readonly Paint[]
}

async function paintAll(stage: WebStage, client: ApiClient, say: (text: string) => void): Promise<Painted[]> {
  const all: Painted[] = []
  for (const page of await pagesOf(client)) {
    say(`painting ${page.id} …`)
    all.push({ id: page.id, paints: (await paints(stage, page, LOADS)).slice(1) })
  }
  return all
}

function paintLines({ id, paints: each }: Painted): Line[] {
  const p95 = (of: (paint: Paint) => number): number => percentile(each.map(of), 0.95)
  const frame = p95(({ frame_ms }) => frame_ms)
  const own = p95(({ whole_ms, answers_ms }) => whole_ms - answers_ms)
  const answers = each.map(({ answers_ms }) => answers_ms)
  return [
    { what: `${id}: frame painted, p95`, goal: `≤ ${PAINT_MS_MAX} ms`, reached: ms(frame), met: frame <= PAINT_MS_MAX },
    {
      what: '  all painted, answers apart, p95', goal: `≤ ${PAINT_MS_MAX} ms`, met: own <= PAINT_MS_MAX,
      reached: `${ms(own)} (answers ${ms(median(answers))}, p95 ${ms(percentile(answers, 0.95))}; together p95 ${ms(p95(({ whole_ms }) => whole_ms))})`,
    },
  ]
}

async function measureStage(stage: WebStage, client: ApiClient, say: (text: string) => void): Promise<{ lines: readonly Line[]; result: object }> {
  const painted = await paintAll(stage, client, say)
  say('interactions …')
  const { acts, slow } = await interactions(stage)
  say(`panning ${POINTS.toLocaleString('en')} points …`)
  const frames = await pan(stage)
  const slowest = slow.toSorted((a, b) => b.duration_ms - a.duration_ms)[0]
  const lines: Line[] = [
    ...painted.flatMap(paintLines),
    { what: `slowest of ${acts} interactions (Event Timing)`, goal: `≤ ${INTERACTION_MS_MAX} ms`, reached: slowest ? `${ms(slowest.duration_ms)}: ${slowest.act} (95 % within ${ms(percentile(slow.map(({ duration_ms }) => duration_ms), 0.95))})` : '< 16 ms', met: (slowest?.duration_ms ?? 0) <= INTERACTION_MS_MAX },
    { what: 'panning 500,000 points, work for a frame', goal: `≤ ${ms(FRAME_MS_MAX)}`, reached: `${ms(frames.work_mean_ms)} (frames ${ms(frames.delta_p95_ms)} apart, p95)`, met: frames.work_mean_ms <= FRAME_MS_MAX && frames.delta_p95_ms <= FRAME_MS_MAX * 1.2 },
  ]
  return { lines, result: { painted, acts, slow, frames } }
}

/** A small node with live traffic. */
async function onDemo(browser: string, say: (text: string) => void) {
  const stage = await Stage.open({ browser, backfill_hours: 6, live: true, say })
  try {
    return await measureStage(stage, stage.demo.node.client, say)
  } finally {
    await stage.close()
  }
}

/** A node over a large store that is there already. */
async function onPast(data: string, directory: string, browser: string, say: (text: string) => void) {
  const stage = await openPast(data, directory, browser, say)
  try {
    const { rows, packets, to_s } = stage.content
    const { lines, result } = await measureStage(stage, stage.node.client, say)
    const stored: Line = { what: 'rows stored', goal: '', reached: `${rows.toLocaleString('en')} until ${new Date(to_s * 1000).toISOString().slice(0, 10)}, which is the pages’ present`, met: true }
    return { lines: [stored, ...lines], result: { rows, packets, to_s, ...result } }
  } finally {
    await stage.close()
  }
}

/**
 * How fast the pages are in this machine's browser, without a graphics card: size of the script, first paint of each
 * page in an empty profile, interactions, and panning over half a million points. The node runs beside it on the same
 * cores: a small one with live traffic, or over the store in `data`.
 */
export async function webBench(options: { readonly directory: string; readonly data: string | undefined }, say: (text: string) => void): Promise<{ lines: readonly Line[]; result: unknown }> {
  const browser = findBrowser()
  if (browser === undefined) throw new Error('web needs a Chromium or Chrome (Debian: apt-get install chromium)')
  const size = overviewSize(await webAssets(say))
  const { lines, result } = options.data === undefined ? await onDemo(browser, say) : await onPast(options.data, options.directory, browser, say)
  const script: Line = { what: 'script of the overview, gzip', goal: `≤ ${JAVASCRIPT_GZIP_BYTES_MAX / 1000} kB`, reached: `${Math.round(size.javascript_gzip_bytes / 1000)} kB`, met: size.javascript_gzip_bytes <= JAVASCRIPT_GZIP_BYTES_MAX }
  return { lines: [script, ...lines], result: { ...size, ...result } }
}
