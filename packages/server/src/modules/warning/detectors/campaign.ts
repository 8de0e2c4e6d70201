import { DAY_S, formatSeconds, HOUR_S, MINUTE_S } from '@hirundo/base'
import { severities, type Crossed, type Evidences } from '@hirundo/contract'
import { DayPairs, type SavedDay } from './campaign/day-pairs.ts'
import { beginMinute, countLooks, viewGroup, withWindow, type Group, type GroupView } from './campaign/groups.ts'
import { groupKey, GroupHistory, type GroupKey, type SavedHistory } from './campaign/history.ts'
import { hasWindow, lookOf, lookText, withoutWindow } from './campaign/looks.ts'
import { movedFrom, sharedWith, type Move } from './campaign/moves.ts'
import { MainPorts } from './campaign/sources.ts'
import { AddressTexts, type SavedTexts } from './core/address-texts.ts'
import { hasPort, portOf, portSubject, type PortKey } from './core/port-key.ts'
import type { FlowColumns, Slice } from './core/slice.ts'
import { defineDetector, members_max, type Detection, type Learning, type Run, type Scene } from './model.ts'

export interface CampaignParameters {
  /** Sources of a group in a UTC day. */
  readonly members_min: number
  /** Sensors that saw any of them; no more than there are. */
  readonly sensors_min: number
  /** Members in the fullest hour: they move together. */
  readonly hour_members_min: number
  /** A group is new when it has so many times the members of its fullest day, and `members_min` more. */
  readonly growth: number
  /** Days that are remembered, and how many must be known before anybody is told. */
  readonly history_days_max: number
  readonly history_days_min: number
  /** A group with so many times what is needed is a warning. */
  readonly warning_times: number
  /** A group moved when so many of its members, and this share of those known of the day before, were on one other port then and left it. */
  readonly moved_min: number
  readonly moved_share_min: number
  /** So long after they came it is looked whether they left. */
  readonly moved_after_s: number
  /** How often groups are looked at, and how often one that goes on is told. */
  readonly step_s: number
  readonly update_s: number
  /** Groups that are there every day are records: the largest so many. */
  readonly records_per_day_max: number
  readonly campaigns_max: number
  readonly pairs_max: number
  readonly port_sources_max: number
  readonly source_ports_max: number
  readonly groups_max: number
}

/**
 * Campaigns: many sources that try the same port within hours of each other and look alike (tool, TTL at the sender, window of
 * the first SYN), where that group was not, or was much smaller, on the days before. When many of its members were on another
 * port the day before and left it, it is a botnet that turned to a new port. Groups after Durumeric et al., "An Internet-Wide
 * View of Internet-Wide Scanning" (USENIX Security 2014) and Richter and Berger, "Scanning the Scanners" (IMC 2019).
 */
export const campaign = defineDetector<CampaignParameters>({
  kind: 'campaign',
  version: 2,
  source: 'groups of alike scanners: Durumeric et al., USENIX Security 2014; Richter, Berger: Scanning the Scanners, IMC 2019',
  defaults: {
    members_min: 20, sensors_min: 3, hour_members_min: 5, growth: 2, history_days_max: 14, history_days_min: 3, warning_times: 10, moved_min: 10, moved_share_min: 0.5, moved_after_s: 3600,
    step_s: 600, update_s: 3600, records_per_day_max: 50, campaigns_max: 200, pairs_max: 1 << 20, port_sources_max: 4096, source_ports_max: 64, groups_max: 65_536,
  },
  start: (parameters, scene, saved) => new CampaignRun(parameters, scene, saved as Saved | undefined),
})

/** Groups below it are forgotten; of one that is not remembered so many may have been there. */
const REMEMBERED_MIN = 5
/** Part of a group's members that tries another's port too when both are one campaign. */
const SHARED_MIN = 0.5
/** A port is looked at again when it has this part of sources more. */
const LOOK_AGAIN = 1.02
const HOUR_MINUTES = HOUR_S / MINUTE_S
/** Ports in a signature. */
const NAMED_PORTS = 20

/** A campaign of the day that is going on. */
interface Open extends Group {
  /** Minute of the day in which it began. */
  readonly begin: number
  readonly needed: number
  move: Move | undefined
  /** Other ports that its members try; those that they began with are in the signature. */
  readonly others: PortKey[]
  signature: string
  /** Second in which it became one, and of the last telling. */
  begun: number
  told: number
  level: number
}

interface Saved {
  readonly day: number
  readonly seen: number
  readonly minutes: number
  readonly next: number
  readonly pairs: SavedDay
  readonly watched: readonly number[]
  readonly open: readonly Open[]
  readonly refused: readonly GroupKey[]
  readonly looked: readonly (readonly [PortKey, number])[]
  readonly history: SavedHistory
  readonly before: { readonly sources: Float64Array; readonly ports: Uint32Array }
  readonly packets_before: readonly (readonly [PortKey, number])[]
  readonly texts: SavedTexts
  readonly shed: { readonly pairs: number; readonly campaigns: number }
}

class CampaignRun implements Run {
  readonly #parameters: CampaignParameters
  readonly #seed: number
  readonly #sensors_min: number
  readonly #texts: AddressTexts
  readonly #history: GroupHistory
  /** Of the day that is going on; −1: nothing came yet. */
  #day: number
  /** End of the last minute that came. */
  #seen: number
  #minutes: number
  #pairs: DayPairs
  #watched: Set<number>
  #open: Open[]
  /** When groups are looked at next. */
  #next: number
  /** Groups that found no room among the campaigns of the day. */
  readonly #refused: Set<GroupKey>
  /** Sources of a port when its groups were looked at last. */
  readonly #looked: Map<PortKey, number>
  /** Of the day before. */
  #before: MainPorts
  #packets_before: ReadonlyMap<PortKey, number>
  #shed: { pairs: number; campaigns: number }

  constructor(parameters: CampaignParameters, scene: Scene, saved: Saved | undefined) {
    this.#parameters = parameters
    this.#seed = scene.seed ?? 0
    this.#sensors_min = Math.min(parameters.sensors_min, Math.max(1, scene.sensors))
    this.#texts = new AddressTexts(saved?.texts)
    this.#history = new GroupHistory(parameters.history_days_max, parameters.groups_max, saved?.history)
    this.#day = saved?.day ?? -1
    this.#seen = saved?.seen ?? 0
    this.#minutes = saved?.minutes ?? 0
    this.#next = saved?.next ?? 0
    this.#pairs = new DayPairs(parameters, this.#seed, saved?.pairs)
    this.#watched = new Set(saved?.watched)
    this.#open = (saved?.open ?? []).map((one) => ({ ...one, others: [...one.others] }))
    this.#refused = new Set(saved?.refused)
    this.#looked = new Map(saved?.looked)
    this.#before = new MainPorts(saved?.before.sources ?? new Float64Array(0), saved?.before.ports ?? new Uint32Array(0), this.#seed)
    this.#packets_before = new Map(saved?.packets_before)
    this.#shed = { ...(saved?.shed ?? { pairs: 0, campaigns: 0 }) }
  }

  get shed(): Readonly<Record<string, number>> {
    return { pairs: this.#shed.pairs + this.#pairs.shed, campaigns: this.#shed.campaigns, groups: this.#history.shed }
  }

  get learning(): Learning {
    return { days: this.#history.days, days_needed: this.#parameters.history_days_min }
  }

  minute({ minute, flows, watched, addressText }: Slice): readonly Detection[] {
    this.#texts.of = addressText
    const found: Detection[] = []
    const day = Math.floor(minute / DAY_S)
    if (day !== this.#day) {
      if (this.#day >= 0) this.#closeDay(found)
      this.#day = day
      this.#next = nextStep(minute, this.#parameters.step_s)
    }
    this.#minutes++
    for (const { sensor, observed_s } of watched) if (observed_s > 0) this.#watched.add(sensor)
    this.#take(flows, (minute % DAY_S) / MINUTE_S)
    const now = (this.#seen = minute + MINUTE_S)
    if (now >= this.#next && now % DAY_S !== 0) {
      this.#look(now, found)
      this.#next = nextStep(minute, this.#parameters.step_s)
    }
    return found
  }

  end(): readonly Detection[] {
    const found: Detection[] = []
    if (this.#day >= 0) this.#closeDay(found)
    return found
  }

  save(): unknown {
    return {
      day: this.#day, seen: this.#seen, minutes: this.#minutes, next: this.#next, pairs: this.#pairs.save(), watched: [...this.#watched],
      open: this.#open.map((one) => ({ ...one, others: [...one.others] })), refused: [...this.#refused], looked: [...this.#looked], history: this.#history.save(), before: this.#before.save(),
      packets_before: [...this.#packets_before], texts: this.#texts.save(this.#pairs.sources), shed: this.#shed,
    } satisfies Saved
  }

  #take(rows: FlowColumns, minute: number): void {
    const pairs = this.#pairs
    for (let row = 0; row < rows.rows; row++) {
      const packets = rows.scan[row]!
      // Known research scanners are no campaign.
      if (packets === 0 || rows.research[row] === 1 || !hasPort(rows.port[row]!)) continue
      pairs.add(rows.source[row]!, rows.port[row]!, minute, packets, rows.sensor[row]!, lookOf(rows.tools[row]!, rows.ttl[row]!, rows.window[row]!))
    }
  }

  /** Opens campaigns of groups that have grown beyond what is needed by now, and tells those that go on. */
  #look(now: number, found: Detection[]): void {
    this.#beginAll(now)
    for (const one of this.#open) {
      if (one.told > 0 && now - one.told < this.#parameters.update_s) continue
      const view = viewGroup(this.#pairs, one, true)
      this.#lookForMove(one, view, now)
      this.#tell(one, view, now, true, found)
    }
  }

  /** Without a past nothing is new. */
  get #isYoung(): boolean {
    return this.#history.days < this.#parameters.history_days_min
  }

  #lookForMove(one: Open, view: GroupView, now: number): void {
    const { moved_min, moved_share_min, moved_after_s } = this.#parameters
    if (one.move || now - one.begun < moved_after_s) return
    const move = movedFrom(view, this.#before, this.#pairs)
    if (move && move.sources >= moved_min && move.share >= moved_share_min) one.move = move
  }

  #beginAll(now: number): void {
    for (const view of this.#candidates().toSorted((a, b) => b.count - a.count || a.port - b.port)) this.#begin(view, now)
    for (const one of this.#open) if (one.signature === '') one.signature = signatureOf(one)
  }

  /** Groups that are new by their numbers and no campaign yet. */
  #candidates(): GroupView[] {
    const known = new Set(this.#open.flatMap((one) => [one.port, ...one.others].map((port) => groupKey(port, withoutWindow(one.look)))))
    const least = this.#parameters.members_min + this.#parameters.growth * (REMEMBERED_MIN - 1)
    const found: GroupView[] = []
    for (const port of this.#pairs.ports) {
      const sources = this.#pairs.sourcesOf(port)
      if (sources < this.#parameters.members_min || sources < (this.#looked.get(port) ?? 0) * LOOK_AGAIN) continue
      this.#looked.set(port, sources)
      const weight = 2 ** this.#pairs.levelOf(port)
      const counts = countLooks(this.#pairs, port)
      const enough = [...counts].filter(([, count]) => count >= this.#parameters.members_min && count * weight >= least)
      // Without window first: what it takes is not looked at again with one.
      for (const [look, count] of enough.toSorted(([a], [b]) => Number(hasWindow(a)) - Number(hasWindow(b)) || a - b)) {
        const group = groupKey(port, withoutWindow(look))
        if (known.has(group) || count * weight < this.#needed({ port, look })) continue
        const view = viewGroup(this.#pairs, { port, look: hasWindow(look) ? look : withWindow(counts, look) })
        if (!this.#isCampaign(view)) continue
        known.add(group)
        found.push(view)
      }
    }
    return found
  }

  #isCampaign(view: GroupView): boolean {
    const { hour_members_min, members_min } = this.#parameters
    // Of a busy port some sources stand for many: so many must be there themselves.
    return view.members.length >= members_min && view.count >= this.#needed(view) && view.sensors >= this.#sensors_min && Math.max(...view.hours) >= hour_members_min
  }

  /** Members from which a group is new. */
  #needed({ port, look }: Group): number {
    const { growth, members_min } = this.#parameters
    return Math.ceil(growth * this.#most({ port, look }) + members_min)
  }

  #most({ port, look }: Group): number {
    return Math.max(this.#history.most(groupKey(port, look), this.#watched.size), REMEMBERED_MIN - 1)
  }

  #begin(view: GroupView, now: number): void {
    // The same sources on another port, and still on the first: the campaign has several ports.
    const sharing = this.#open.find((one) => withoutWindow(one.look) === withoutWindow(view.look) && sharedWith(view, one.port, this.#pairs) >= SHARED_MIN)
    if (sharing) return void sharing.others.push(view.port)
    // Without a past all groups look new, and are records: no more of them than on any day.
    if (this.#isYoung && this.#open.length >= this.#parameters.records_per_day_max) return
    if (this.#open.length >= this.#parameters.campaigns_max) {
      const group = groupKey(view.port, withoutWindow(view.look))
      if (!this.#refused.has(group)) this.#shed.campaigns++
      return void this.#refused.add(group)
    }
    this.#open.push({ port: view.port, look: view.look, begin: beginMinute(view), needed: this.#needed(view), move: undefined, others: [], signature: '', begun: now, told: 0, level: 0 })
  }

  #tell(one: Open, view: GroupView, now: number, open: boolean, found: Detection[]): void {
    one.told = now
    one.level = Math.max(one.level, this.#severity(one, view))
    found.push(this.#detection(one, view, now, open))
  }

  /** Index of the severity. */
  #severity({ needed, move }: Open, { count }: GroupView): number {
    if (this.#isYoung) return severities.indexOf('record')
    return severities.indexOf(move || count >= this.#parameters.warning_times * needed ? 'warning' : 'notice')
  }

  #closeDay(found: Detection[]): void {
    const end = this.#seen
    this.#looked.clear()
    this.#beginAll(end)
    for (const one of this.#open) {
      const view = viewGroup(this.#pairs, one, true)
      this.#lookForMove(one, view, end)
      this.#tell(one, view, end, false, found)
    }
    const groups = new Map<number, number>()
    const standing: GroupView[] = []
    for (const port of this.#pairs.ports) this.#remember(port, groups, standing)
    for (const view of standing.toSorted((a, b) => b.count - a.count || a.port - b.port).slice(0, this.#parameters.records_per_day_max)) {
      const { port, look } = view
      const record: Open = { port, look, begin: 0, needed: this.#parameters.members_min, move: undefined, others: [], signature: lookText(look), begun: end, told: 0, level: 0 }
      found.push(this.#detection(record, view, end, false))
    }
    this.#history.push({ sensors: this.#watched.size, whole: this.#minutes * MINUTE_S >= DAY_S / 2 }, groups)
    this.#before = this.#pairs.mains()
    this.#packets_before = new Map(this.#pairs.ports.map((port) => [port, this.#pairs.packetsSince(port, 0)]))
    this.#shed.pairs += this.#pairs.shed
    this.#pairs = new DayPairs(this.#parameters, this.#seed)
    this.#watched = new Set()
    this.#open = []
    this.#refused.clear()
    this.#looked.clear()
    this.#minutes = 0
  }

  /** Counts of the port's groups for the days to come, and those that are large and were no campaign. */
  #remember(port: PortKey, groups: Map<number, number>, standing: GroupView[]): void {
    if (this.#pairs.sourcesOf(port) < REMEMBERED_MIN) return
    const { members_min, hour_members_min } = this.#parameters
    const weight = 2 ** this.#pairs.levelOf(port)
    const counts = countLooks(this.#pairs, port)
    for (const [look, count] of counts) {
      if (count * weight < REMEMBERED_MIN) continue
      groups.set(groupKey(port, look), count * weight)
      if (look !== withoutWindow(look) || count * weight < members_min) continue
      if (this.#open.some((one) => withoutWindow(one.look) === look && (one.port === port || one.others.includes(port)))) continue
      const view = viewGroup(this.#pairs, { port, look: withWindow(counts, look) })
      if (view.members.length >= members_min && view.sensors >= this.#sensors_min && Math.max(...view.hours) >= hour_members_min) standing.push(view)
    }
  }

  #detection(one: Open, view: GroupView, now: number, open: boolean): Detection {
    const { port, begin, move, others, signature } = one
    const start = this.#day * DAY_S + begin * MINUTE_S
    const end = Math.min(now, this.#day * DAY_S + (view.last + 1) * MINUTE_S)
    const at_least = (figure: Crossed['figure'], value: number, threshold: number): Crossed => ({ figure, value, threshold, rule: 'at_least' })
    return {
      kind: 'campaign', subject: { ...portSubject(port), signature }, start, end, open, severity: severities[one.level]!, packets: view.packets,
      figures: {
        members: view.count, sensors: view.sensors, ports: 1 + others.length, synchronised_sources: Math.max(...view.hours), duration_s: end - start, days_known: this.#history.days,
        // Without a day before there is nothing that it could be many times of.
        ...(this.#history.days > 0 ? { rate_ratio: view.count / this.#most(view) } : {}), ...(move ? { moved_sources: move.sources } : {}),
      },
      crossed: [
        at_least('members', view.count, one.needed), at_least('sensors', view.sensors, this.#sensors_min),
        ...(move ? [at_least('moved_sources', move.sources, this.#parameters.moved_min)] : []),
      ],
      members: view.members.toSorted((a, b) => b.packets - a.packets || a.source - b.source).slice(0, members_max).map(({ source }) => this.#texts.of(source)),
      evidence: this.#evidence(view, begin, now, move),
    }
  }

  /** The group, by what all packets of the day made its members look like; all who tried its port since it began; and where they came from. */
  #evidence({ port, look, level, count, packets }: GroupView, begin: number, now: number, move: Move | undefined): readonly Evidences[] {
    const pairs = this.#pairs
    const day = this.#day * DAY_S
    const hour = Math.floor(begin / HOUR_MINUTES)
    const asked = (of: PortKey, from: number, to: number) => ({ of: 'scans', ...portSubject(of), from: formatSeconds(from), to: formatSeconds(to), research: 'exclude' }) as const
    const counted = level > 0 ? ({ counted: 'sample' } as const) : pairs.isWhole(port) ? {} : ({ counted: 'at-least' } as const)
    return [
      { query: { ...asked(port, day, now), signature: lookText(look) }, packets, sources: count, sensors: null, ...counted },
      { query: asked(port, day + hour * HOUR_S, now), packets: pairs.packetsSince(port, hour), sources: pairs.sourcesSince(port, hour) ?? null, sensors: null },
      ...(move ? [{ query: asked(move.port, day - DAY_S, day), packets: this.#packets_before.get(move.port) ?? 0, sources: null, sensors: null }] : []),
    ]
  }
}

/** What members have in common, and the ports that they began with. */
function signatureOf({ port, look, others }: Open): string {
  const ports = [port, ...others].map(portOf).toSorted((a, b) => a - b).slice(0, NAMED_PORTS)
  return [lookText(look), ...(ports.length > 1 ? [`ports=${ports.join(',')}`] : [])].filter((text) => text !== '').join(' ')
}

/** First multiple of a step after the minute that begins here. */
const nextStep = (minute: number, step_s: number): number => (Math.floor(minute / step_s) + 1) * step_s
