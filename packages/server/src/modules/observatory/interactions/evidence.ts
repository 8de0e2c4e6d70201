import { cursorAfter, type EvidenceSums, type InteractionCursor, type InteractionQuestion, type Interactions, type StoredInteraction } from '@hirundo/analytics'
import { fail, formatAddress, formatMillis, ok, parseAddress, type Result } from '@hirundo/base'
import type { Evidence, Handshake, Input, Output, sourceEvidence } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import { openFactsOf, openUrl, readsContent } from './content.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { heardEnvelope, heardScope, masksOf, nameOf, withoutDecoys, type Masks, type Tools } from './heard.ts'
import { marksOf } from './marks.ts'

const rows_default = 100
/** Rows that are asked for at once: a row may be 32 KiB. */
const rows_at_once = 100
/** Where a page ends before its last row; what comes next begins the next page. */
const page_bytes_max = 2 * 1024 * 1024

/** About what a row takes in an answer. */
const sizeOf = ({ sample, logins, urls, facts }: StoredInteraction): number => 512 + 2 * sample.length
  + logins.reduce((sum, { user, password }) => sum + user.length + password.length, 0)
  + urls.reduce((sum, url) => sum + url.length, 0)
  + Object.entries(facts).reduce((sum, [name, value]) => sum + name.length + value.length, 0)

interface Page {
  readonly rows: readonly StoredInteraction[]
  readonly more: boolean
}

/** At most `limit` rows, fewer when they are large. */
async function pageOf(heard: Interactions, source: string, question: InteractionQuestion, limit: number, after: InteractionCursor | undefined): Promise<Page> {
  const rows: StoredInteraction[] = []
  let bytes = 0
  for (let at = after; ;) {
    const wanted = Math.min(rows_at_once, limit + 1 - rows.length)
    const got = await heard.of(source, question, wanted, at)
    for (const row of got) {
      if (rows.length === limit || bytes >= page_bytes_max) return { rows, more: true }
      rows.push(row)
      bytes += sizeOf(row)
    }
    if (got.length < wanted) return { rows, more: false }
    at = cursorAfter(got, at)
  }
}

/** The strongest kind that there is any of; null: nothing was heard. */
export function strengthOf({ none, completed, dialogue }: Pick<EvidenceSums, 'none' | 'completed' | 'dialogue'>): Handshake | null {
  if (dialogue > 0) return 'dialogue'
  if (completed > 0) return 'completed'
  return none > 0 ? 'none' : null
}

const maybe = (millis: number | null): string | null => (millis === null ? null : formatMillis(millis))

/** Without addresses of our own decoys, wherever a stranger wrote them. */
const masked = (row: StoredInteraction, { text, bytes }: Masks): StoredInteraction => ({
  ...row, sample: bytes(row.sample), urls: row.urls.map(text),
  logins: row.logins.map(({ user, password }) => ({ user: text(user), password: text(password) })),
  facts: Object.fromEntries(Object.entries(row.facts).map(([name, value]) => [name, text(value)])),
})

/** A row as the caller may see it. */
function view(row: StoredInteraction, sensor: string, content: boolean): Evidence {
  const { at_ms, clock_error_ms, transport, src_port, dst_port, protocol, handshake, requests, bytes_in, bytes_out, duration_ms, truncated } = row
  return {
    at: formatMillis(at_ms), clock_error_ms: clock_error_ms < 0 ? null : clock_error_ms, sensor, transport, src_port, dst_port, protocol,
    handshake, requests, bytes_in, bytes_out, duration_ms, truncated,
    payload_sha256: content && row.payload_sha256 !== '' ? row.payload_sha256 : null,
    sample: content && row.sample.length > 0 ? Buffer.from(row.sample).toString('base64') : null,
    logins: row.logins.map(({ user, password }) => (content ? { user, password } : { user: null, password: null })),
    urls: content ? [...row.urls] : row.urls.map(openUrl),
    facts: content ? { ...row.facts } : { ...openFactsOf(row.facts) },
    guess: row.guess_name === '' ? null : { name: row.guess_name, rule: row.guess_rule },
  }
}

/** What is known of one address. Problems: `request/invalid` (address, range, cursor), those of `heardScope`. Throws StoreError. */
export async function evidenceOf(
  tools: Tools, actor: Actor, address: string, query: Input<typeof sourceEvidence>['query'],
): Promise<Result<Output<typeof sourceEvidence>>> {
  const parsed = parseAddress(address)
  if (!parsed.ok) return fail('request/invalid', { what: 'address' })
  const source = formatAddress(parsed.value)
  const scope = await heardScope(tools, actor, query)
  if (!scope.ok) return scope
  const { question, all } = scope.value
  const after = query.after === undefined ? ok(undefined) : readCursor(query.after, all)
  if (!after.ok) return after
  const heard = tools.analytics.interactions
  const content = readsContent(actor)
  const name = nameOf(scope.value)
  const masks = masksOf(scope.value)
  const gather = async () => {
    const [sums, page, marks] = await Promise.all([
      heard.evidence(source, question), pageOf(heard, source, question, query.limit ?? rows_default, after.value), marksOf(tools.db, source),
    ])
    const { none, completed, dialogue, sensors } = sums
    return {
      source, strength: strengthOf(sums), counts: { none, completed, dialogue },
      first_seen: maybe(sums.first_seen_ms), last_seen: maybe(sums.last_seen_ms), sensors, marks: [...marks], content,
      evidence: page.rows.map((row) => view(masked(row, masks), name(row.sensor), content)),
      next: page.more ? writeCursor(cursorAfter(page.rows, after.value), all) : null,
    }
  }
  return ok(await withoutDecoys(scope.value, heardEnvelope(tools, scope.value, false, gather())))
}
