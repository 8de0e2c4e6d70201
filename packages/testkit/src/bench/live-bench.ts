import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createToken, type LiveOverview } from '@hirundo/contract'
import { readStatus } from '../constellation/balance.ts'
import { answerOf, type NodeProcess } from '../constellation/node-process.ts'
import { readArguments } from '../demo/arguments.ts'
import { Demo } from '../demo/demo.ts'
import { cpuSeconds, descendants } from '../process/tree.ts'
import { median } from './measure.ts'
import type { Line } from './report.ts'

const DASHBOARDS = 50
const TOKENS = 5
const ROUNDS = 2
const CORE_SHARE_MAX = 0.1
const DELAY_S_MAX = 5
/** Of the part that measures how late news are: two minutes close in it. */
const DELAY_ROUND_S = 130
const POLL_MS = 100

export interface LiveResult {
  readonly lines: readonly Line[]
  readonly result: Readonly<Record<string, unknown>>
}

/** Processor time of a node with both stores. */
const cpuOf = (pid: number): number => [pid, ...descendants(pid).map((row) => row.pid)].reduce((sum, one) => sum + cpuSeconds(one), 0)

async function listen(node: NodeProcess, token: string, hear: (text: string) => void): Promise<IncomingMessage> {
  const request = get(`${node.url}/api/v1/live`, { headers: { authorization: `Bearer ${token}` }, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`a dashboard was refused with ${response.statusCode}`)
  response.setEncoding('utf8').on('data', hear).on('error', () => undefined)
  return response
}

/** So many dashboards, each reading its own stream; `events` counts what reached them. */
async function openDashboards(node: NodeProcess, tokens: readonly string[]): Promise<{ events(): number; close(): void }> {
  let events = 0
  const open = await Promise.all(Array.from({ length: DASHBOARDS }, (_, i) => listen(node, tokens[i % tokens.length]!, (text) => {
    if (text.includes('event: overview')) events++
  })))
  return {
    events: () => events,
    close: () => {
      for (const one of open) one.destroy()
    },
  }
}

/** Share of one core that the node and its stores used over so many seconds. */
async function coreShare(pid: number, seconds: number): Promise<number> {
  const [from, started] = [cpuOf(pid), performance.now()]
  await sleep(seconds * 1000)
  return (cpuOf(pid) - from) / ((performance.now() - started) / 1000)
}

/** Calls back with each document of a stream. */
function documents(hear: (document: LiveOverview) => void): (text: string) => void {
  let waiting = ''
  return (text) => {
    const events = (waiting + text).split('\n\n')
    waiting = events.pop()!
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data !== undefined) hear(JSON.parse(data) as LiveOverview)
    }
  }
}

/** Seconds from when packets are stored and queryable to when a dashboard has them; to within one poll. */
async function delays(node: NodeProcess, token: string): Promise<number[]> {
  const minutes = new Map<string, number>()
  const heard: { readonly at: number; readonly packets: number }[] = []
  const stream = await listen(node, token, documents((document) => {
    for (const { at, packets } of document.minutes) minutes.set(at, Math.max(packets ?? 0, minutes.get(at) ?? 0))
    heard.push({ at: performance.now(), packets: [...minutes.values()].reduce((sum, packets) => sum + packets, 0) })
  }))
  while (heard.length === 0) await sleep(POLL_MS)
  const base = { heard: heard[0]!.packets, stored: (await readStatus(node.client)).packets }
  const stored: { readonly at: number; readonly packets: number }[] = []
  for (const end = performance.now() + DELAY_ROUND_S * 1000; performance.now() < end; await sleep(POLL_MS)) {
    const { packets } = await readStatus(node.client)
    if (packets > (stored.at(-1)?.packets ?? base.stored)) stored.push({ at: performance.now(), packets })
  }
  await sleep(2 * DELAY_S_MAX * 1000)
  stream.destroy()
  return stored.map(({ at, packets }) => {
    const told = heard.find((one) => one.packets - base.heard >= packets - base.stored)
    if (!told) throw new Error('a dashboard never got what is queryable')
    return Math.max(0, (told.at - at) / 1000)
  })
}

/**
 * What 50 open dashboards cost a node with the demo's five sensors and traffic: processor time of node and stores with
 * them less without, in turns; and how long after they are queryable new packets reach a dashboard.
 */
export async function liveBench(directory: string, seconds: number, say: (text: string) => void): Promise<LiveResult> {
  const interrupted = new AbortController()
  const demo = await Demo.start({ ...readArguments(['--backfill-hours', '3']) as Exclude<ReturnType<typeof readArguments>, 'help'> }, join(directory, 'live'), { say, interrupted: interrupted.signal })
  try {
    await demo.backfill()
    const playing = demo.live()
    const tokens = await Promise.all(Array.from({ length: TOKENS }, async (_, i) =>
      answerOf(await demo.node.client.call(createToken, { body: { name: `dashboards ${i}`, scopes: ['observatory:read'] } })).token))
    const measured = await rounds(demo.node, tokens, seconds, say)
    say(`how late news are, for ${DELAY_ROUND_S} s …`)
    const late = await delays(demo.node, tokens[0]!)
    interrupted.abort()
    await playing
    return report(measured, late)
  } finally {
    interrupted.abort()
    await demo.stop()
  }
}

interface Measured {
  readonly without: readonly number[]
  readonly with_dashboards: readonly number[]
  readonly events: number
}

async function rounds(node: NodeProcess, tokens: readonly string[], seconds: number, say: (text: string) => void): Promise<Measured> {
  const without: number[] = []
  const with_dashboards: number[] = []
  let events = 0
  for (let round = 0; round < ROUNDS; round++) {
    say(`${seconds} s without and ${seconds} s with ${DASHBOARDS} dashboards …`)
    without.push(await coreShare(node.child.pid, seconds))
    const dashboards = await openDashboards(node, tokens)
    with_dashboards.push(await coreShare(node.child.pid, seconds))
    events += dashboards.events()
    dashboards.close()
  }
  return { without, with_dashboards, events }
}

function report({ without, with_dashboards, events }: Measured, late: readonly number[]): LiveResult {
  const cost = median(with_dashboards.map((share, i) => share - without[i]!))
  const worst = Math.max(...late)
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`
  return {
    lines: [
      { what: `${DASHBOARDS} dashboards, of one core`, goal: `< ${percent(CORE_SHARE_MAX)}`, reached: `${percent(cost)} (${percent(median(without))} without)`, met: cost < CORE_SHARE_MAX },
      { what: '  queryable to dashboard, longest', goal: `≤ ${DELAY_S_MAX} s`, reached: `${worst.toFixed(1)} s of ${late.length} (median ${median(late).toFixed(1)} s)`, met: worst <= DELAY_S_MAX },
    ],
    result: { dashboards: DASHBOARDS, core_share: cost, without, with_dashboards, events, delay_s_max: worst, delay_s_median: median(late), news: late.length },
  }
}
