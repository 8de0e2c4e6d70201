import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import type { BulletinText, editBulletin, Input, Language } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { oneLine, plainText } from '../../../platform/notify/plain-text.ts'
import { readsContent } from '../findings/view.ts'
import { draftOf, insertBulletin, lockBulletin, nextSerial, updateBulletin } from './bulletin-store.ts'
import { holdsContent } from './draft/advised.ts'
import { draftAll } from './draft/draft.ts'
import { facetsOf, type DraftFacts } from './draft/facts.ts'
import { tellReleased, tellWithdrawn } from './enqueue.ts'
import { bulletinNumber } from './model.ts'
import type { BulletinRecord } from './tables.ts'
import type { BulletinTools } from './tools.ts'

/** For the audit, which is never cleared: no text of people in it. */
async function noted(tools: BulletinTools, t: Kysely<unknown>, actor: Actor, bulletin: BulletinRecord, action: string, detail: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const number = bulletinNumber(bulletin)
  await tools.audit({ organisation_id: actor.organisation_id, actor: actor.actor_id, action: `bulletin.${action}`, subject: bulletin.uuid, detail: { number, tlp: bulletin.tlp, ...detail } }, t)
}

const noteOf = ({ organisation_id, finding, state, year, serial }: BulletinRecord, actor: Actor) =>
  ({ organisation_id, finding, state, by: actor.name, number: bulletinNumber({ year, serial }) })

/**
 * A draft from a finding in every language; the one that there is while the finding has one, so that asking twice makes one.
 * Problem: `finding/not-found`.
 */
export async function draft(tools: BulletinTools, actor: Actor, id: string): Promise<Result<BulletinRecord>> {
  const view = await tools.findingOf(actor, id)
  if (!view.ok) return view
  // Not the id that was asked about: that one may be part of another meanwhile.
  const finding = view.value.id
  const facts: DraftFacts = { ...view.value, sensors_total: await tools.sensorsOf(actor, view.value) }
  const made = await tools.db.transaction().execute(async (t) => {
    const known = await draftOf(t, actor.organisation_id, finding)
    return known ?? insertDraft(tools, t, actor, facts)
  }).catch((error: unknown) => {
    // Somebody else's draft of the same finding came first: the number that was taken is given back with the transaction.
    if (error instanceof DraftExists) return undefined
    throw error
  })
  return ok(made ?? (await draftOf(tools.db, actor.organisation_id, finding))!)
}

class DraftExists extends Error {
  override readonly name = 'DraftExists'
}

async function insertDraft(tools: BulletinTools, t: Kysely<unknown>, actor: Actor, facts: DraftFacts): Promise<BulletinRecord> {
  const now = new Date(tools.world.now())
  const year = now.getUTCFullYear()
  const { organisation_id } = actor
  const { ports, economies, asns } = facetsOf(facts, facts.members)
  const row = await insertBulletin(t, {
    uuid: uuidV4(tools.world), organisation_id, year, serial: await nextSerial(t, organisation_id, year), state: 'draft', tlp: facts.tlp, severity: facts.severity, kind: facts.kind,
    simulated: facts.simulated, finding: facts.id, texts: JSON.stringify(draftAll(facts)), holds_content: holdsContent(facts), ports: [...ports], economies: [...economies], asns: [...asns],
    created_at: now, created_by: actor.name, released_at: null, released_by: null, withdrawn_at: null, withdrawn_by: null, withdrawn_why: null,
  })
  if (!row) throw new DraftExists()
  await noted(tools, t, actor, row, 'draft', { finding: facts.id })
  await tools.note(t, noteOf(row, actor))
  return row
}

/** A person's words: lines, no signs that steer, indicators as they stand where the person may not see them. */
function cleaned(text: BulletinText, before: BulletinText, keeps_indicators: boolean): BulletinText {
  const { title, ...slots } = text
  const clean = Object.fromEntries(Object.entries(slots).map(([slot, words]) => [slot, plainText(words, 8000)])) as Omit<BulletinText, 'title'>
  return { ...clean, title: oneLine(title, 200), ...(keeps_indicators ? { indicators: before.indicators } : {}) }
}

/**
 * Changes texts or TLP of a draft. Problems: `bulletin/not-found`, `bulletin/wrong-state`, `bulletin/changed-meanwhile`,
 * `request/invalid` (a title of signs that are not kept).
 */
export function edit(tools: BulletinTools, actor: Actor, id: string, body: Input<typeof editBulletin>['body']): Promise<Result<BulletinRecord>> {
  return tools.db.transaction().execute(async (t) => {
    const row = await openDraft(t, actor, id, body.version)
    if (!row.ok) return row
    const { texts: before, tlp, holds_content } = row.value
    const given = Object.entries(body.texts ?? {}) as [Language, BulletinText][]
    const changed = given.map(([language, text]) => [language, cleaned(text, before[language], holds_content && !readsContent(actor))] as const)
      .filter(([language, text]) => JSON.stringify(text, Object.keys(text).toSorted()) !== JSON.stringify(before[language], Object.keys(text).toSorted()))
    if (changed.some(([, { title }]) => title === '')) return fail('request/invalid', { what: 'title' })
    const edited = [...new Set([...row.value.edited, ...changed.map(([language]) => language)])]
    const after = await updateBulletin(t, row.value.id, {
      tlp: body.tlp ?? tlp, texts: JSON.stringify({ ...before, ...Object.fromEntries(changed) }), edited, version: row.value.version + 1,
    })
    await noted(tools, t, actor, after, 'edit', { languages: changed.map(([language]) => language), version: after.version, ...(after.tlp === tlp ? {} : { tlp_before: tlp }) })
    return ok(after)
  })
}

async function openDraft(t: Kysely<unknown>, actor: Actor, id: string, version: number): Promise<Result<BulletinRecord>> {
  const row = await lockBulletin(t, actor.organisation_id, id)
  if (!row) return fail('bulletin/not-found')
  if (row.state !== 'draft') return fail('bulletin/wrong-state', { state: row.state })
  return row.version === version ? ok(row) : fail('bulletin/changed-meanwhile', { version: row.version })
}

/**
 * Releases a draft in the person's name: who subscribed is told in the same transaction. Problems: `bulletin/no-person` (a token
 * asks), `bulletin/not-found`, `bulletin/wrong-state`, `bulletin/changed-meanwhile`.
 */
export async function release(tools: BulletinTools, actor: Actor, id: string, version: number): Promise<Result<BulletinRecord>> {
  if (actor.kind !== 'person') return fail('bulletin/no-person')
  return tools.db.transaction().execute(async (t) => {
    const row = await openDraft(t, actor, id, version)
    if (!row.ok) return row
    const after = await updateBulletin(t, row.value.id, { state: 'released', released_at: new Date(tools.world.now()), released_by: actor.name })
    await tellReleased(t, tools.world, after)
    await noted(tools, t, actor, after, 'release', { version })
    await tools.note(t, noteOf(after, actor))
    return ok(after)
  })
}

/** Withdraws a released bulletin; who got it is told. Problems: `bulletin/no-person`, `bulletin/not-found`, `bulletin/wrong-state`. */
export async function withdraw(tools: BulletinTools, actor: Actor, id: string, why: string): Promise<Result<BulletinRecord>> {
  if (actor.kind !== 'person') return fail('bulletin/no-person')
  const reason = plainText(why, 1000)
  if (reason === '') return fail('request/invalid', { what: 'why' })
  return tools.db.transaction().execute(async (t) => {
    const row = await lockBulletin(t, actor.organisation_id, id)
    if (!row) return fail('bulletin/not-found')
    if (row.state !== 'released') return fail('bulletin/wrong-state', { state: row.state })
    const after = await updateBulletin(t, row.id, { state: 'withdrawn', withdrawn_at: new Date(tools.world.now()), withdrawn_by: actor.name, withdrawn_why: reason })
    await tellWithdrawn(t, tools.world, after)
    await noted(tools, t, actor, after, 'withdraw')
    await tools.note(t, noteOf(after, actor))
    return ok(after)
  })
}
