import type { Attack, InteractionRow } from '@hirundo/analytics'
import { fail, formatMillis, formatSeconds, ok, type Result } from '@hirundo/base'
import {
  attackDefinitions, type AttackDefinition, type drdosAttacks, type HeardKey, type HeardRow, type heardSeries, type heardTop,
  type Input, type Output, type sharedIndicators,
} from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import { stepFor } from '../answers/queries.ts'
import { hidesOf, openKey, readsContent } from './content.ts'
import { heardEnvelope, heardScope, masksOf, withoutDecoys, type HeardScope, type Tools } from './heard.ts'
import { indicatorKey, indicatorsOf, indicatorSourcesMin, keyIdOf, type IndicatorKind } from './indicators.ts'

type Answer<R> = Promise<Result<Output<R>>>
const rows_default = 10
const attacks_default = 100
const indicators_default = 1000
const points_max = 50_000

/** The answer of a question to the store within its envelope. */
const enveloped = <T>(tools: Tools, scope: HeardScope, located: boolean, answer: Promise<T>) =>
  withoutDecoys(scope, heardEnvelope(tools, scope, located, answer))

function rowOf(what: HeardKey, { key, of, first_seen_ms, last_seen_ms, ...figures }: InteractionRow, rank: number, content: boolean): HeardRow {
  const hide = content ? undefined : openKey[what]
  return {
    rank, key: hide ? hide(key) : key, of: of === '' || (!content && hidesOf(what)) ? null : of, ...figures,
    first_seen: formatMillis(first_seen_ms), last_seen: formatMillis(last_seen_ms),
  }
}

/** Most first. Problems of `heardScope`; throws StoreError. */
export async function top(tools: Tools, actor: Actor, what: HeardKey, query: Input<typeof heardTop>['query']): Answer<typeof heardTop> {
  const scope = await heardScope(tools, actor, query)
  if (!scope.ok) return scope
  const content = readsContent(actor)
  const { text } = masksOf(scope.value)
  const rows = tools.analytics.interactions.top(what, scope.value.question, query.limit ?? rows_default)
    .then((found) => ({ content, rows: found.map((row, i) => rowOf(what, { ...row, key: text(row.key), of: text(row.of) }, i + 1, content)) }))
  return ok(await enveloped(tools, scope.value, false, rows))
}

/** Over time. Problems: those of `heardScope`, `request/invalid` (step), `query/too-wide`. */
export async function series(tools: Tools, actor: Actor, query: Input<typeof heardSeries>['query']): Answer<typeof heardSeries> {
  const scope = await heardScope(tools, actor, query)
  if (!scope.ok) return scope
  const { question } = scope.value
  const step_s = query.step ?? stepFor(question)
  if (86_400 % step_s !== 0 || step_s % 60 !== 0) return fail('request/invalid', { what: 'step', value: step_s })
  if ((question.to - question.from) / step_s > points_max) return fail('query/too-wide', { what: 'points', max: points_max })
  const points = tools.analytics.interactions.series(question, step_s)
    .then((found) => ({ step_s, points: found.map(({ at, ...counts }) => ({ at: formatSeconds(at), ...counts })) }))
  return ok(await enveloped(tools, scope.value, false, points))
}

type DrdosQuery = Input<typeof drdosAttacks>['query']

/** The settings that a question means: those of a definition, or its own where its numbers differ. */
export function attackSettings({ definition = 'ampot', packets_min, gap_s }: Pick<DrdosQuery, 'definition' | 'packets_min' | 'gap_s'>) {
  const standard = attackDefinitions[definition]
  const settings = { packets_min: packets_min ?? standard.packets_min, gap_s: gap_s ?? standard.gap_s }
  const same = settings.packets_min === standard.packets_min && settings.gap_s === standard.gap_s
  return { definition: same ? definition : 'own' as AttackDefinition | 'own', ...settings }
}

/** `until_ms`: up to when it is known what came. */
function attackOf({ start_ms, end_ms, victim_ports, ...attack }: Attack, until_ms: number, gap_s: number) {
  return { ...attack, victim_ports: [...victim_ports], start: formatMillis(start_ms), end: formatMillis(end_ms), running: until_ms - end_ms <= gap_s * 1000 }
}

/** Reflection attacks. Problems of `heardScope`; throws StoreError. */
export async function drdos(tools: Tools, actor: Actor, query: DrdosQuery): Answer<typeof drdosAttacks> {
  const scope = await heardScope(tools, actor, query)
  if (!scope.ok) return scope
  const { question } = scope.value
  const { definition, ...settings } = attackSettings(query)
  const until_ms = Math.min(tools.world.now(), question.to * 1000)
  const attacks = tools.analytics.interactions.attacks(question, settings, query.limit ?? attacks_default).then((found) => ({
    settings: { definition, ...settings, pooled: 'victim-and-protocol' as const },
    total: found.total, attacks: found.attacks.map((attack) => attackOf(attack, until_ms, settings.gap_s)),
  }))
  return ok(await enveloped(tools, scope.value, true, attacks))
}

/** Common values in shared form. Problems of `heardScope`; throws StoreError. */
export async function indicators(tools: Tools, actor: Actor, kind: IndicatorKind, query: Input<typeof sharedIndicators>['query']): Answer<typeof sharedIndicators> {
  const scope = await heardScope(tools, actor, query)
  if (!scope.ok) return scope
  const [sources_min, key] = await Promise.all([tools.settings.get(indicatorSourcesMin), indicatorKey(tools)])
  const values = tools.analytics.interactions.common(kind, scope.value.question, sources_min, query.limit ?? indicators_default).then((found) => ({
    algorithm: 'hmac-sha256' as const, key_id: keyIdOf(key), sources_min, indicators: [...indicatorsOf(key, kind, found, sources_min)],
  }))
  return ok(await enveloped(tools, scope.value, false, values))
}
