import { plainLook, type Page } from '../browser/chromium.ts'
import { settled } from '../browser/pages.ts'
import type { WebStage } from './past-stage.ts'
import { percentile } from './measure.ts'

export const FRAME_MS_MAX = 1000 / 60
const PAN_MS = 3000
export const POINTS = 500_000

export interface Frames {
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
export async function pan(stage: WebStage): Promise<Frames> {
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
