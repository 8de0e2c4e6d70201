import { DAY_S, MINUTE_S } from '@hirundo/base'
import { synchronisedDefaults } from '../parameters.ts'
import { ManyPorts } from '../many-ports.ts'
import { RecentMinutes, type MinuteRows } from '../recent-minutes.ts'
import { alarms, botnets, foundAt, harmless, patterns, runOver, unlisted, type Given } from './evaluate.ts'
import { nmfPorts, publishedRule, type NmfRule } from './nmf.ts'
import { OneGraph } from './one-graph.ts'
import { botnet, type Botnet } from './plants.ts'
import { smallWorld, World } from './world.ts'

/*
 * Prints what docs/adr/0011-synchronised-sources.md says of the detector over simulated traffic:
 *   node report.ts noise|unlisted|quiet|busy [seeds]
 *   node report.ts one-graph|nmf [seeds]     the published engines beside it; one-graph takes an hour
 */
const print = (line: string): void => void process.stdout.write(`${line}\n`)
const strengths = [[30, 0.1], [30, 0.3], [60, 0.03], [60, 0.1], [60, 0.3], [200, 0.01], [200, 0.03], [200, 0.1], [1000, 0.003], [1000, 0.01]] as const

function noise(seed: number, more: boolean): void {
  const { start } = smallWorld
  const { given, shed, packets } = runOver(new World({ ...smallWorld, seed }, [...harmless(start), ...(more ? unlisted(start) : [])]), 10)
  const all = alarms(given)
  print(`seed ${seed}: ${Math.round(packets / 10)} packets a day, ${all.length} alarms in 10 days, shed ${JSON.stringify(shed)}`)
  for (const one of all) print(`  tcp/${one.subject.port} day ${((one.start - start) / DAY_S).toFixed(2)}, ${(one.end - one.start) / 60} min ${JSON.stringify(one.figures)}`)
}

/** Found ÷ planted by pattern, with the median delay in minutes. */
function recall(nets: readonly Botnet[], given: readonly Given[]): string {
  return patterns.map((pattern) => {
    const of = nets.filter((net) => net.pattern === pattern)
    const delays = of.flatMap((net) => {
      const at = foundAt(given, net)
      return at === undefined ? [] : [(at - net.start) / 60]
    }).toSorted((a, b) => a - b)
    return `${pattern} ${delays.length}/${of.length}${delays.length > 0 ? ` (${delays[delays.length >> 1]} min)` : ''}`
  }).join(', ')
}

function planted(seed: number, rank: number | undefined): void {
  for (const [bots, rate] of strengths) {
    const nets = botnets(seed, smallWorld.start, 3, bots, rate, rank)
    const { given } = runOver(new World({ ...smallWorld, seed }, nets.map(botnet)), 3)
    const others = alarms(given).filter(({ subject }) => !nets.some(({ port }) => port === subject.port)).length
    print(`seed ${seed}, ${bots} bots at ${rate} a minute: ${recall(nets, given)}; alarms at other ports ${others}`)
  }
}

const strict: NmfRule = { sources_min: 20, port_share_min: 0.3 }
interface Rival {
  readonly step_s: number
  blame(rows: readonly MinuteRows[], now: number): Iterable<number>
}
const rivalsOf = (what: string): Readonly<Record<string, Rival>> => {
  const graph = new OneGraph()
  const nmf = (rule: NmfRule): Rival => ({ step_s: 1800, blame: (rows, now) => (now > smallWorld.start + DAY_S ? nmfPorts(rows, rule) : []) })
  return what === 'one-graph' ? { 'one graph of all traffic': { step_s: 600, blame: (rows, now) => graph.slot(now / 600, rows) } } : { NMF: nmf(publishedRule), 'NMF of 20 sources': nmf(strict) }
}

/** The published engines over the same two days: botnets of the second one that they found, and what they blamed without one. */
function rivals(seed: number, what: string, bots: number, rate: number): void {
  const nets = botnets(seed, smallWorld.start, 2, bots, rate)
  const recent = new RecentMinutes({ minutes_max: 30, rows_minute_max: 25_000, busy_ports: new Set(synchronisedDefaults.busy_ports) }, new ManyPorts(16, 400_000))
  const all = Object.entries(rivalsOf(what)).map(([name, rival]) => ({ name, rival, blamed: [] as { readonly port: number; readonly at: number }[] }))
  const { given } = runOver(new World({ ...smallWorld, seed }, nets.map(botnet)), 2, synchronisedDefaults, (slice) => {
    recent.push(slice)
    const now = slice.minute + MINUTE_S
    for (const { rival, blamed } of all) {
      if (now % rival.step_s === 0) for (const port of rival.blame(recent.between(now - rival.step_s, now), now)) blamed.push({ port, at: now })
    }
  })
  const isNet = (port: number | undefined) => nets.some((net) => net.port === port)
  print(`seed ${seed}, ${bots} bots at ${rate} a minute: detector ${recall(nets, given)}, false ${alarms(given).filter(({ subject }) => !isNet(subject.port)).length}`)
  for (const { name, blamed } of all) {
    const late = blamed.filter(({ at }) => at > smallWorld.start + DAY_S)
    const found = nets.filter((net) => late.some(({ port, at }) => port === net.port && at > net.start && at <= net.end + 1800)).length
    const wrong = late.filter(({ port }) => !isNet(port))
    print(`  ${name}: ${found}/${nets.length} found; in the second day ${wrong.length} times blamed ${new Set(wrong.map(({ port }) => port)).size} ports that had none`)
  }
}

const [what = 'noise', seeds = '3'] = process.argv.slice(2)
for (let seed = 1; seed <= Number(seeds); seed++) {
  if (what === 'noise' || what === 'unlisted') noise(seed, what === 'unlisted')
  else if (what === 'one-graph') rivals(seed, what, 60, 0.3)
  else if (what === 'nmf') for (const [bots, rate] of [[60, 0.1], [60, 0.3]] as const) rivals(seed, what, bots, rate)
  else planted(seed, what === 'busy' ? 20 : undefined)
}
