import { settled } from '../browser/pages.ts'
import type { WebStage } from './past-stage.ts'

const ROUNDS = 5
const PATHS = ['/observe/sensors', '/observe/top/ports', '/observe/economies', '/observe/compare', '/observe/explore', '/observe'] as const

/** Runs in the page: every event that took a frame or more until it was painted (Event Timing, W3C). */
function noteEvents(): void {
  const durations: number[] = []
  Object.assign(window, { hirundoEvents: durations })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) if (entry.interactionId) durations.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
}

export interface Interactions {
  /** How many things were done. */
  readonly acts: number
  /** Each that took a frame or more until it was painted. */
  readonly slow: readonly { readonly act: string; readonly duration_ms: number }[]
}

/** What a reader does: dialog, search, navigation, menus, a table instead of a picture. */
export async function interactions(stage: WebStage): Promise<Interactions> {
  const { profile } = await stage.reader()
  await profile.addInitScript(noteEvents)
  const page = await profile.newPage()
  await page.goto('/observe')
  await settled(page)
  let acts = 0
  const slow: { act: string; duration_ms: number }[] = []
  const act = async (name: string, does: () => Promise<unknown>): Promise<void> => {
    await does()
    acts += 1
    await page.waitForTimeout(150)
    await settled(page)
    const durations = await page.evaluate(() => (window as unknown as { hirundoEvents: number[] }).hirundoEvents.splice(0))
    slow.push(...durations.map((duration_ms) => ({ act: name, duration_ms })))
  }
  for (let round = 0; round < ROUNDS; round++) {
    await act('? opens the keys', () => page.keyboard.press('?'))
    await act('Escape closes them', () => page.keyboard.press('Escape'))
    await act('menu of a figure', () => page.locator('figure.figure-card .figure-head button').first().click())
    await act('End in the menu', () => page.keyboard.press('End'))
    await act('figure as table', () => page.keyboard.press('Enter'))
    for (const path of PATHS) await act(`to ${path}`, () => page.locator(`nav.rail a[href="${path}"]`).first().click())
  }
  await profile.close()
  return { acts, slow }
}
