import { webAssets } from '@hirundo/web/assets'
import { findBrowser } from '../browser/find-browser.ts'
import { plainLook, type Page } from '../browser/chromium.ts'
import { JAVASCRIPT_GZIP_BYTES_MAX, overviewSize } from '../browser/page-size.ts'
import { settled } from '../browser/pages.ts'
import { Stage } from '../browser/stage.ts'
import { median } from './measure.ts'
import type { Line } from './report.ts'

const PAINT_MS_MAX = 1000
const INTERACTION_MS_MAX = 100
const FRAME_MS_MAX = 1000 / 60
const LOADS = 12
const PAN_MS = 3000
const POINTS = 500_000
const ROUNDS = 5

const percentile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!
const ms = (value: number): string => `${Math.round(value * 10) / 10} ms`

interface Paint {
  /** The frame of the page: navigation, title, grey room for what comes. */
  readonly frame_ms: number
  /** Sentence and figures, with the answers of the node in them. */
  readonly whole_ms: number
  /** Of that, spent waiting for answers of the API: between the request and the last byte, overlaps once. */
  readonly answers_ms: number
}

/** Runs in the page, before any of its scripts: notes when the frame and then everything is there. */
function notePaint(): void {
  const times = { frame_ms: 0, whole_ms: 0 }
  Object.assign(window, { hirundoTimes: times })
  const look = (): void => {
    const now = performance.now()
    if (times.frame_ms === 0 && document.querySelector('nav.rail a')) times.frame_ms = now
    if (document.querySelector('h1') && document.querySelector('figure.figure-card svg') && !document.querySelector('.skeleton')) times.whole_ms = now
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** Runs in the page. */
function readPaint(): Paint {
  const { frame_ms, whole_ms } = (window as unknown as { hirundoTimes: Paint }).hirundoTimes
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  // A stream of events has no end: what counts is when its first byte was there.
  const waits = entries.filter(({ name }) => name.includes('/api/v1/')).map((entry) => [entry.startTime, Math.min(whole_ms, entry.responseEnd || entry.responseStart)] as const).toSorted((a, b) => a[0] - b[0])
  let answers_ms = 0
  let end = 0
  for (const [from, to] of waits) {
    answers_ms += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return { frame_ms, whole_ms, answers_ms }
}

/** The overview in an empty profile, again and again. */
async function paints(stage: Stage): Promise<Paint[]> {
  const found: Paint[] = []
  for (let i = 0; i < LOADS; i++) {
    const { profile } = await stage.reader()
    await profile.addInitScript(notePaint)
    const page = await profile.newPage()
    await page.goto('/observe')
    await page.waitForFunction(() => (window as unknown as { hirundoTimes: Paint }).hirundoTimes.whole_ms > 0)
    found.push(await page.evaluate(readPaint))
    await profile.close()
  }
  return found.slice(2)
}

/** Runs in the page: every event that took a frame or more until it was painted (Event Timing, W3C). */
function noteEvents(): void {
  const durations: number[] = []
  Object.assign(window, { hirundoEvents: durations })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) if (entry.interactionId) durations.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
}

/** What a reader does: dialog, search, navigation, menus, a table instead of a picture. Milliseconds of each slow event. */
async function interactions(stage: Stage): Promise<{ durations: number[]; acts: number }> {
  const { profile } = await stage.reader()
  await profile.addInitScript(noteEvents)
  const page = await profile.newPage()
  await page.goto('/observe')
  await settled(page)
  let acts = 0
  const act = async (does: () => Promise<unknown>): Promise<void> => {
    await does()
    acts += 1
    await page.waitForTimeout(150)
  }
  for (let round = 0; round < ROUNDS; round++) {
    await act(() => page.keyboard.press('?'))
    await act(() => page.keyboard.press('Escape'))
    await act(() => page.locator('figure.figure-card .figure-head button').first().click())
    await act(() => page.keyboard.press('End'))
    await act(() => page.keyboard.press('Enter'))
    for (const path of ['/observe/sensors', '/observe/top/ports', '/observe/economies', '/observe']) {
      await act(() => page.locator(`nav.rail a[href="${path}"]`).first().click())
      await settled(page)
    }
  }
  const durations = await page.evaluate(() => (window as unknown as { hirundoEvents: number[] }).hirundoEvents)
  await profile.close()
  return { durations, acts }
}

interface Frames {
  readonly frames: number
  /** Between two frames: as the browser could show them. */
  readonly delta_p95_ms: number
  /** Work of the page's thread for one frame, scripts, styles, layout and paint. */
  readonly work_mean_ms: number
}

/** Reads the time that the page's thread has worked since this was called. */
async function taskClock(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  return async () => (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000
}

const picture = (page: Page): Promise<string> => page.locator('canvas').first().evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())

/** Drags a long series to and fro, one small step after the other, as a hand does. */
async function pan(stage: Stage): Promise<Frames> {
  const { profile } = await stage.reader(plainLook)
  const page = await profile.newPage()
  await page.goto(`/ui/long-series?points=${POINTS}`)
  await settled(page)
  // The whole cannot be moved: one step nearer, so that most points are still drawn.
  await page.getByText('+', { exact: true }).click()
  await settled(page)
  const box = (await page.locator('canvas').first().boundingBox())!
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { hirundoFrames: times })
    const note = (at: number): void => {
      times.push(at)
      requestAnimationFrame(note)
    }
    requestAnimationFrame(note)
  })
  const middle = box.y + box.height / 2
  await page.mouse.move(box.x + box.width / 2, middle)
  await page.mouse.down()
  const [clock, drawn] = [await taskClock(page), await picture(page)]
  const [before, begun] = [await clock(), performance.now()]
  for (let step = 0; performance.now() - begun < PAN_MS; step++) await page.mouse.move(box.x + box.width * (0.5 + 0.4 * Math.sin(step / 25)), middle)
  const work = await clock() - before
  const times = await page.evaluate(() => (window as unknown as { hirundoFrames: number[] }).hirundoFrames)
  if (await picture(page) === drawn) throw new Error('dragging did not move the long series: nothing was measured')
  await page.mouse.up()
  await profile.close()
  const during = times.slice(-Math.ceil(PAN_MS / FRAME_MS_MAX))
  const deltas = during.slice(1).map((at, i) => at - during[i]!)
  return { frames: deltas.length, delta_p95_ms: percentile(deltas, 0.95), work_mean_ms: work / deltas.length }
}

/**
 * How fast the pages are in this machine's browser, without a graphics card: size of the script, first paint of the
 * overview, interactions, and panning over half a million points. The node runs beside it on the same cores.
 */
export async function webBench(say: (text: string) => void): Promise<{ lines: readonly Line[]; result: unknown }> {
  const browser = findBrowser()
  if (browser === undefined) throw new Error('web needs a Chromium or Chrome (Debian: apt-get install chromium)')
  const size = overviewSize(await webAssets(say))
  const stage = await Stage.open({ browser, backfill_hours: 6, live: true, say })
  try {
    say('first paint …')
    const painted = await paints(stage)
    say('interactions …')
    const { durations, acts } = await interactions(stage)
    say(`panning ${POINTS.toLocaleString('en')} points …`)
    const frames = await pan(stage)
    const own = painted.map(({ whole_ms, answers_ms }) => whole_ms - answers_ms)
    const slow = durations.length === 0 ? 0 : Math.max(...durations)
    const lines: Line[] = [
      { what: 'script of the overview, gzip', goal: `≤ ${JAVASCRIPT_GZIP_BYTES_MAX / 1000} kB`, reached: `${Math.round(size.javascript_gzip_bytes / 1000)} kB`, met: size.javascript_gzip_bytes <= JAVASCRIPT_GZIP_BYTES_MAX },
      { what: 'overview, frame painted, p95', goal: `≤ ${PAINT_MS_MAX} ms`, reached: ms(percentile(painted.map(({ frame_ms }) => frame_ms), 0.95)), met: percentile(painted.map(({ frame_ms }) => frame_ms), 0.95) <= PAINT_MS_MAX },
      { what: 'overview, all figures painted, answers apart, p95', goal: `≤ ${PAINT_MS_MAX} ms`, reached: `${ms(percentile(own, 0.95))} (with answers ${ms(percentile(painted.map(({ whole_ms }) => whole_ms), 0.95))})`, met: percentile(own, 0.95) <= PAINT_MS_MAX },
      { what: `slowest of ${acts} interactions (Event Timing)`, goal: `≤ ${INTERACTION_MS_MAX} ms`, reached: slow === 0 ? '< 16 ms' : ms(slow), met: slow <= INTERACTION_MS_MAX },
      { what: 'panning 500,000 points, work for a frame', goal: `≤ ${ms(FRAME_MS_MAX)}`, reached: `${ms(frames.work_mean_ms)} (frames ${ms(frames.delta_p95_ms)} apart, p95)`, met: frames.work_mean_ms <= FRAME_MS_MAX && frames.delta_p95_ms <= FRAME_MS_MAX * 1.2 },
    ]
    return { lines, result: { ...size, painted_median_ms: median(own), painted, slow_events_ms: durations, acts, frames } }
  } finally {
    await stage.close()
  }
}
