import { setTimeout as sleep } from 'node:timers/promises'
import { waitProjected } from '../constellation/balance.ts'
import { jsonLine } from '../process/programs.ts'
import { audit, type Audit, type Ended } from './audit.ts'
import type { ChaosCounts } from './chaos-proxy.ts'
import { killAround, type KillCounts } from './kills.ts'
import { Stage, type StageOptions } from './stage.ts'

export interface CampaignOptions extends StageOptions {
  readonly kills: number
}

export interface CampaignResult extends Audit {
  readonly kills: number
  readonly by_process: KillCounts
  readonly network: ChaosCounts
  readonly full_disk: boolean
  readonly own_exits: readonly string[]
}

const READY_MS = 120_000
const END_MS = 300_000
const FULL_MS = 6_000

/** Fills the node's disk under load, waits, and gives the room back. */
async function fullDiskPhase(stage: Stage, say: (text: string) => void): Promise<boolean> {
  if (!stage.disk) return false
  await stage.waitReady(READY_MS)
  say('the disk of the node is full now …')
  stage.disk.fill()
  await sleep(FULL_MS)
  stage.disk.free()
  say('… and has room again')
  await stage.waitReady(READY_MS)
  return true
}

/** Ends a sensor after the minute that it reads; gives the numbers of minutes and interactions once all are acknowledged. */
async function endSensor({ sensor, process }: Stage['sensors'][number]): Promise<Ended> {
  const child = process.letGo()
  const said = child.waitForLine(jsonLine, END_MS)
  child.process.stdin!.write('end\n')
  const { minutes, interactions } = (await said) as { minutes: number; interactions: number }
  const { code } = await child.exited
  if (code !== 0) throw new Error(`${sensor.name} could not deliver everything:\n${child.tail}`)
  return { sensor, minutes, interactions }
}

/**
 * Load, kills, a bad network and a full disk; then peace, and a comparison to the last packet. The claim is made of
 * minutes and interactions: each one that a sensor read or heard is in its spool once, and in the answers once.
 */
export async function runCampaign(options: CampaignOptions, say: (text: string) => void): Promise<CampaignResult> {
  const stage = await Stage.build(options, say)
  try {
    await stage.waitReady(READY_MS)
    say(`${options.sensors} sensors under load, ${options.kills} kills to come`)
    const half = Math.ceil(options.kills / 2)
    const onKill = (offset: number) => (done: number, target: string) => {
      if ((offset + done) % 10 === 0 || options.kills < 20) say(`  ${offset + done} kills, the last of a ${target}`)
    }
    const one = await killAround(stage, half, options.seed, onKill(0))
    const full_disk = await fullDiskPhase(stage, say)
    const two = await killAround(stage, options.kills - half, options.seed + 1, onKill(half))
    stage.proxy.calm = true
    await stage.waitReady(READY_MS)
    say('peace: delivering what is left …')
    // A sensor that was killed a moment ago has to be up before it can be told to end.
    await sleep(1_500)
    const ended = await Promise.all(stage.sensors.map(endSensor))
    if (!(await waitProjected(stage.client, END_MS))) throw new Error(`not everything became queryable:\n${stage.node.child.tail}`)
    say('comparing …')
    const result = await audit(stage.client, ended)
    const by_process = { sensor: one.sensor + two.sensor, node: one.node + two.node, clickhouse: one.clickhouse + two.clickhouse, postgres: one.postgres + two.postgres }
    const own_exits = [stage.node, ...stage.sensors.map(({ process }) => process)].flatMap((supervisor) => supervisor.own_exits)
    return { ...result, kills: options.kills, by_process, network: { ...stage.proxy.counts }, full_disk, own_exits }
  } finally {
    await stage.clear()
  }
}

/** Whether not one packet or interaction is missing or there twice. */
export const isExact = (result: CampaignResult): boolean =>
  result.spool.lost + result.spool.doubled + result.answers.lost + result.answers.doubled === 0
  && result.packets_sent === result.packets_stored && result.packets_sent === result.packets_queryable
  && result.interactions_sent === result.interactions_stored && result.requests_sent === result.requests_queryable
