import { StoreError, type RecountQuestion, type Recounted, type Store } from '@hirundo/analytics'
import { fail, ok, parseInstant, unwrap, type Result } from '@hirundo/base'
import type { checkFinding, Evidences, Output } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { ownDecoys } from '../../observatory/index.ts'
import { readLook } from '../detectors/campaign/looks.ts'
import { evidenceOf, findFinding } from './get.ts'

type Check = Output<typeof checkFinding>
type Answer = Check['answers'][number]
type Reason = 'late-data' | 'retention' | 'estimate'

/** Counts of sources that came from a sketch may differ from an exact count by so much. */
const ESTIMATE_ERROR = 0.03

export interface CheckTools extends Pick<Platform, 'db' | 'world'> {
  readonly analytics: { readonly windows: Pick<Store['windows'], 'recount'> }
}

const second = (text: string): number => Math.floor(unwrap(parseInstant(text)) / 1000)

/** The stored question as the store takes it. */
export function questionOf({ of, from, to, source, victim, protocol, port, signature, research }: Evidences['query'], organisation: number, hidden: readonly string[]): RecountQuestion {
  const alike = signature === undefined ? undefined : readLook(signature)
  return {
    of, organisation, from: second(from), to: second(to), research, ...(hidden.length > 0 ? { hidden } : {}), ...(source === undefined ? {} : { source }),
    ...(victim === undefined ? {} : { victim }), ...(protocol === undefined ? {} : { protocol }), ...(port === undefined ? {} : { port }), ...(alike ? { alike } : {}),
  }
}

const sourcesAgree = (stored: number | null, now: number | null): 'same' | 'estimate' | 'other' => {
  if (stored === null || now === null || stored === now) return 'same'
  return Math.abs(stored - now) <= ESTIMATE_ERROR * Math.max(stored, now) ? 'estimate' : 'other'
}

/** Standard deviations by which a number that was got from a sample may be off. */
const SAMPLE_DEVIATIONS = 5
/** Sources of a port that are kept of those that stand for more (campaign, port_sources_max): between it and half of it. */
const SAMPLE_KEPT_MIN = 2048

/** Of a part of the sources: those that touch very many ports are left out besides, so that the store may know of more. */
function compareSome(stored: Evidences, now: Recounted): Answer {
  const [then, sources] = [stored.sources ?? 0, now.sources ?? 0]
  // A group's share of a sample is binomial; packets of few loud sources say nothing of those that were not kept.
  const slack = stored.counted === 'sample' ? SAMPLE_DEVIATIONS * Math.sqrt(then * Math.max(1, sources / SAMPLE_KEPT_MIN)) : 0
  const same = sources >= then - slack && (stored.counted === 'sample' || now.packets >= stored.packets)
  const exactly = sources === stored.sources && now.packets === stored.packets
  return { stored, now: now.packets === 0 ? null : { query: stored.query, packets: now.packets, sources: now.sources, sensors: null }, same, reason: exactly ? null : same ? 'estimate' : 'retention' }
}

/**
 * Whether the store still says what the finding does, and if not, why: rows are only ever added (late data), and dropped
 * when they are too old (retention).
 */
export function compare(stored: Evidences, now: Recounted): Answer {
  if (stored.counted !== undefined) return compareSome(stored, now)
  const packets = now.packets - stored.packets
  const sources = sourcesAgree(stored.sources, now.sources)
  const sensors = stored.sensors === null ? 0 : now.sensors - stored.sensors
  const same = packets === 0 && sensors === 0 && sources !== 'other'
  const fewer = packets < 0 || (packets === 0 && (sensors < 0 || (now.sources ?? 0) < (stored.sources ?? 0)))
  const reason: Reason | null = same ? (sources === 'estimate' ? 'estimate' : null) : fewer ? 'retention' : 'late-data'
  const gone = now.packets === 0 && stored.packets > 0
  return { stored, now: gone ? null : { query: stored.query, packets: now.packets, sources: stored.sources === null ? null : now.sources, sensors: stored.sensors === null ? null : now.sensors }, same, reason }
}

async function recounted(tools: CheckTools, db: Kysely<unknown>, organisation_id: number, evidence: readonly Evidences[]): Promise<Answer[]> {
  const hidden = await ownDecoys(db, organisation_id)
  const answers: Answer[] = []
  // One after the other: people's questions must not wait behind one finding.
  for (const stored of evidence) answers.push(compare(stored, await tools.analytics.windows.recount(questionOf(stored.query, organisation_id, hidden))))
  return answers
}

/** Asks the stored evidence again. Problems: `finding/not-found`, `query/timeout`, `query/too-wide`, `node/unavailable`. */
export async function check(tools: CheckTools, actor: Actor, uuid: string): Promise<Result<Check>> {
  const { db, world } = tools
  const row = await findFinding(db, actor.organisation_id, uuid, new Date(world.now()))
  if (!row) return fail('finding/not-found')
  try {
    const answers = await recounted(tools, db, row.organisation_id, await evidenceOf(db, row))
    return ok({ reproduced: answers.every(({ same }) => same), answers })
  } catch (error) {
    if (error instanceof StoreError) return { ok: false, problem: error.problem }
    throw error
  }
}
