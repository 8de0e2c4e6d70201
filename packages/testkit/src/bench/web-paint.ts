import { settled, type SamplePage } from '../browser/pages.ts'
import type { WebStage } from './past-stage.ts'

/** Milliseconds since the navigation began. */
export interface Paint {
  /** The frame of the page: navigation, title, grey room for what comes. */
  readonly frame_ms: number
  /** Sentence and figures, with the answers of the node in them. */
  readonly whole_ms: number
  /** Of that, spent waiting for answers of the API: between the request and the last byte, overlaps once. */
  readonly answers_ms: number
}

/** Runs in the page, before any of its scripts: notes when the frame is there, and when everything was there last. */
function notePaint(): void {
  const times = { frame_ms: 0, whole_ms: 0 }
  Object.assign(window, { hirundoTimes: times })
  let whole = false
  const look = (): void => {
    const now = performance.now()
    if (times.frame_ms === 0 && document.querySelector('nav.rail a')) times.frame_ms = now
    const before = whole
    whole = document.querySelector('h1') !== null && document.querySelector('.skeleton, .skeleton-shell, [aria-busy=true]') === null
    if (whole && !before) times.whole_ms = now
    requestAnimationFrame(look)
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

/** A page in an empty profile, as often as `loads` says. */
export async function paints(stage: WebStage, { path }: SamplePage, loads: number): Promise<Paint[]> {
  const found: Paint[] = []
  for (let i = 0; i < loads; i++) {
    const { profile } = await stage.reader()
    await profile.addInitScript(notePaint)
    const page = await profile.newPage()
    await page.goto(path)
    await settled(page)
    // A page that says what went wrong is painted fast.
    if (await page.locator('main [role=alert]').count() > 0) throw new Error(`${path} shows a problem: ${await page.locator('main [role=alert]').first().innerText()}`)
    found.push(await page.evaluate(readPaint))
    await profile.close()
  }
  return found
}
