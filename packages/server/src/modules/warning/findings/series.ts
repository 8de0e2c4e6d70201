import { StoreError, type RecountQuestion, type Store, type VictimQuestion } from '@hirundo/analytics'
import { DAY_S, fail, formatSeconds, HOUR_S, MINUTE_S, ok, type Result } from '@hirundo/base'
import type { findingSeries, Input, Output, seriesAnswer } from '@hirundo/contract'
import type { Actor, Platform } from '../../../platform/module.ts'
import { ownDecoys, type ObservatoryAnswers } from '../../observatory/index.ts'
import { questionOf } from './check.ts'
import { evidenceOf, findFinding } from './get.ts'
import type { SelectedFinding } from './select.ts'

type Series = Output<typeof findingSeries>
type Observed = Output<typeof seriesAnswer>
export interface SeriesTools extends Pick<Platform, 'db' | 'world'> {
  readonly analytics: { readonly windows: Pick<Store['windows'], 'victimSeries'> }
}
type Dimension = Pick<Input<typeof seriesAnswer>['query'], 'dimension' | 'key'>

const points_max = 200
const points_min = 60
const steps = [MINUTE_S, 5 * MINUTE_S, 10 * MINUTE_S, 30 * MINUTE_S, HOUR_S, 3 * HOUR_S, 6 * HOUR_S, DAY_S] as const
const span_min_s = 3 * HOUR_S
/** Of what is shown beside the window so much lies before it: what was usual says more than what came after. */
const BEFORE = 2 / 3

export interface Frame {
  readonly step_s: number
  readonly from: number
  readonly to: number
}

/**
 * The stretch around a window (whole seconds, `end` exclusive) that a graph shows: about three times as long, between
 * `points_min` and `points_max` points on whole steps (more only where days are too short for the window itself), and
 * nothing that is still to come.
 */
export function frameOf({ start, end }: { readonly start: number; readonly end: number }, now: number): Frame {
  const length = Math.max(MINUTE_S, end - start)
  const wanted = Math.max(span_min_s, 3 * length)
  const step_s = steps.find((step) => wanted / step <= points_max - 2) ?? DAY_S
  const span = Math.max(points_min * step_s, Math.min(wanted, (points_max - 2) * step_s))
  const after = Math.max(0, (span - length) * (1 - BEFORE))
  const to = Math.ceil(Math.min(Math.max(now, end), end + after) / step_s) * step_s
  const from = Math.floor(Math.min(start, to - span) / step_s) * step_s
  return { step_s, from: Math.max(0, from), to }
}

/** Whose packets are shown; of a victim only who watched is taken from them, see `ofVictim`. */
export function dimensionOf({ victim, source, protocol, port }: Pick<SelectedFinding, 'victim' | 'source' | 'protocol' | 'port'>): Dimension {
  const address = victim ?? source
  if (address !== null) return { dimension: 'source', key: address }
  if (protocol === null || port === null) return { dimension: 'total' }
  return { dimension: 'port', key: protocol.startsWith('icmp') ? `${protocol}/${port >> 8}/${port & 255}` : `${protocol}/${port}` }
}

const isHole = (observed: Observed): boolean => observed.data.points.every(({ packets }) => packets === null)

/** Steps of which the store may still have counts when the rows themselves are gone. */
const coarser = (step_s: number): readonly number[] => [HOUR_S, DAY_S].filter((step) => step > step_s)

async function observed(answers: ObservatoryAnswers, actor: Actor, of: Dimension, frame: Frame): Promise<Result<Observed>> {
  const ask = (step: number) => answers.series(actor, { ...of, from: formatSeconds(Math.floor(frame.from / step) * step), to: formatSeconds(Math.ceil(frame.to / step) * step), step })
  let answer = await ask(frame.step_s)
  for (const step of coarser(frame.step_s)) {
    if (answer.ok && !isHole(answer.value)) break
    if (!answer.ok && answer.problem.code !== 'query/too-wide') break
    const again = await ask(step)
    if (again.ok && !isHole(again.value)) answer = again
  }
  return answer
}

const isOfVictim = (question: RecountQuestion): question is VictimQuestion => ['backscatter', 'requests', 'interactions'].includes(question.of)

/**
 * Packets of a victim in bins of the answer, by the question that its evidence came from: requests in its name are
 * interactions and no flows, and of its backscatter one protocol is meant. Undefined: the finding is about no victim.
 */
async function ofVictim(tools: SeriesTools, row: SelectedFinding, { from, to, data: { step_s } }: Observed): Promise<ReadonlyMap<number, number> | undefined> {
  if (row.victim === null) return undefined
  const [lead] = await evidenceOf(tools.db, row)
  if (!lead) return undefined
  const question = questionOf({ ...lead.query, from, to }, row.organisation_id, await ownDecoys(tools.db, row.organisation_id))
  if (!isOfVictim(question)) return undefined
  return new Map((await tools.analytics.windows.victimSeries(question, step_s)).map(({ at, packets }) => [at, packets]))
}

/** Points of an answer with the packets of a victim, who is the one source. Rows that are gone are a hole and no zero. */
function pointsOf({ data: { points } }: Observed, victim: ReadonlyMap<number, number> | undefined): Series['points'] {
  return points.map(({ at, packets, sources, live_sensors }) => {
    if (victim === undefined) return { at, packets: packets ?? 0, sources: sources ?? 0, live_sensors }
    const seen = victim.get(Date.parse(at) / 1000) ?? 0
    return { at, packets: seen, sources: seen > 0 ? 1 : 0, live_sensors: victim.size === 0 ? 0 : live_sensors }
  })
}

/** Packets and sources of a finding's subject around its window. Problems: `finding/not-found`, those of the observatory's answers. */
export async function series(tools: SeriesTools, answers: ObservatoryAnswers, actor: Actor, uuid: string): Promise<Result<Series>> {
  const now = tools.world.now()
  const row = await findFinding(tools.db, actor.organisation_id, uuid, new Date(now))
  if (!row) return fail('finding/not-found')
  const [start, end] = [Math.floor(row.start_at.getTime() / 1000), Math.ceil(row.end_at.getTime() / 1000)]
  const answer = await observed(answers, actor, dimensionOf(row), frameOf({ start, end }, Math.ceil(now / 1000)))
  if (!answer.ok) return answer
  const { from, to, simulated, data } = answer.value
  try {
    const points = pointsOf(answer.value, await ofVictim(tools, row, answer.value))
    return ok({ step_s: data.step_s, from, to, start: formatSeconds(start), end: formatSeconds(end), simulated: simulated || row.simulated, points })
  } catch (error) {
    if (error instanceof StoreError) return { ok: false, problem: error.problem }
    throw error
  }
}
