import { setTimeout as sleep } from 'node:timers/promises'
import { formatSeconds, MINUTE_S, realWorld } from '@hirundo/base'
import { queryablePackets } from '../constellation/balance.ts'
import { openPage, type SamplePage } from './pages.ts'
import type { Reader, Stage } from './stage.ts'

const MINUTE_WAIT_MS_MAX = 150_000
/** Twice the goal of 5 s: the cores of CI are shared. What is really reached, `npm run bench -- --only live` says. */
const LIVE_MS_MAX = 10_000
const POLL_MS = 200

/** Waits until an answer has packets of the minute that is running now; gives that minute in seconds since 1970. */
async function nextQueryableMinute(stage: Stage): Promise<number> {
  const from_s = Math.floor(realWorld.now() / 60_000) * MINUTE_S
  const end = performance.now() + MINUTE_WAIT_MS_MAX
  while (await queryablePackets(stage.demo.node.client, { from_s, to_s: from_s + MINUTE_S }, []) === 0) {
    if (performance.now() > end) throw new Error(`nothing of ${formatSeconds(from_s)} is queryable after ${MINUTE_WAIT_MS_MAX / 1000} s`)
    await sleep(POLL_MS)
  }
  return from_s
}

/** Live traffic: what has become queryable is on the open overview soon after, without any act of the reader. */
export async function checkLive(stage: Stage, reader: Reader, overview: SamplePage): Promise<string[]> {
  const page = await reader.profile.newPage()
  await openPage(page, overview)
  const minute = new Date(await nextQueryableMinute(stage) * 1000).toISOString()
  // In the head of the page: below, sensors tell when they were heard of last, which needs no packet.
  const shown = await page.waitForFunction((at) => (document.querySelector('.page-head time') as HTMLTimeElement).dateTime >= at, minute, { timeout: LIVE_MS_MAX }).then(() => true, () => false)
  const newest = await page.locator('.page-head time').getAttribute('datetime')
  await page.close()
  return shown ? [] : [`${minute} was queryable, and ${LIVE_MS_MAX / 1000} s later the page shows ${newest}`]
}
