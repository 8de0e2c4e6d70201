import { isMessageKey, message, type BulletinRow, type BulletinView, type Language, type SubscriptionView } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { readsContent } from '../findings/view.ts'
import { countsOf } from './bulletin-store.ts'
import { bulletinNumber, type ProblemOfDelivery } from './model.ts'
import { shownTarget, type WithSecret } from './subscriptions.ts'
import type { BulletinRecord } from './tables.ts'
import { wordsOf } from './words.ts'

const instant = (date: Date | null): string | null => date?.toISOString() ?? null

function rowOf(row: BulletinRecord, deliveries: BulletinRow['deliveries'], language: Language): BulletinRow {
  const { uuid, state, tlp, severity, kind, simulated, texts } = row
  return {
    id: uuid, number: bulletinNumber(row), state, tlp, severity, kind, title: texts[language].title, simulated, deliveries,
    created_at: row.created_at.toISOString(), created_by: row.created_by, released_at: instant(row.released_at), released_by: row.released_by,
  }
}

export async function bulletinRows(db: Kysely<unknown>, rows: readonly BulletinRecord[], language: Language): Promise<BulletinRow[]> {
  const counts = await countsOf(db, rows.map(({ uuid }) => uuid))
  return rows.map((row) => rowOf(row, counts.get(row.uuid)!, language))
}

/** Texts of a draft whose indicators hold what strangers wrote, without them for those who may not read that. */
function textsFor(actor: Actor, { state, holds_content, texts }: BulletinRecord): BulletinView['texts'] {
  if (state !== 'draft' || !holds_content || readsContent(actor)) return texts
  return Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, { ...text, indicators: '' }])) as BulletinView['texts']
}

export async function bulletinView(db: Kysely<unknown>, actor: Actor, row: BulletinRecord): Promise<BulletinView> {
  const counts = await countsOf(db, [row.uuid])
  return {
    ...rowOf(row, counts.get(row.uuid)!, 'en'), findings: [row.finding], texts: textsFor(actor, row), edited: row.edited, withdrawn_why: row.withdrawn_why, version: row.version,
  }
}

/** Why something was not sent, in a reader's language, with what the other side said. */
export function problemText(problem: ProblemOfDelivery | null, detail: string | null, language: Language): string | null {
  if (problem === null) return null
  const text = wordsOf(language).say(`problem_${problem}`)
  if (detail === null || detail === '') return text
  const reason = `reason.${detail}`
  return `${text} (${isMessageKey(reason) ? message(language, reason) : detail})`
}

export function subscriptionView(actor: Actor, { row, secret }: WithSecret, language: Language): SubscriptionView {
  const { uuid, name, channel, subject, kinds, ports, economies, asns, severity_min, tlp_max, digest, quiet, active, created_by } = row
  return {
    id: uuid, name, channel, target: shownTarget(actor, row), of: subject, language: row.language, kinds, ports, economies, asns, severity_min, tlp_max, digest, quiet, active, created_by,
    created_at: row.created_at.toISOString(), last_sent_at: instant(row.last_sent_at), last_problem: problemText(row.problem, row.problem_detail, language), secret_shown_once: secret,
  }
}
