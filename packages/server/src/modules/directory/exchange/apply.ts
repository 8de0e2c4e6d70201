import { ok, uuidV4, type Result } from '@hirundo/base'
import type { ImportReport, Visibility } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { insertNewClaim } from '../constituencies/commands.ts'
import { insertNewKey } from '../keys/commands.ts'
import { keysOf } from '../keys/store.ts'
import type { TeamRecord } from '../tables.ts'
import { insertNewTeam } from '../teams/commands.ts'
import { contactsOf, insertContact, teamOfShortName, updateTeam } from '../teams/store.ts'
import { alone, bounds, note, type DirectoryTools } from '../tools.ts'
import type { FirstList, FirstTeam } from './first.ts'
import type { Sections } from './rfc2350.ts'
import { findSource, putSections, putSource, sectionsOf, type Said } from './store.ts'

type Db = Kysely<unknown>

/** What an import does, written down as it is done. */
export type Ledger = { -readonly [K in keyof Omit<ImportReport, 'dry_run' | 'unread'>]: ImportReport[K] }
export const newLedger = (): Ledger => ({ created: [], changed: [], kept: [], conflicts: [], added: { contacts: 0, keys: 0, constituencies: 0, sections: 0 }, same: 0 })

/** Ends a transaction without a trace: what a dry run did was never done. */
class DryRun extends Error {}

/** Does `work` alone in one transaction; of a dry run nothing stays. */
export async function tryOut<T>(tools: DirectoryTools, actor: Actor, dry_run: boolean, work: (t: Db) => Promise<Result<T>>): Promise<Result<T>> {
  let done: Result<T> | undefined
  try {
    await tools.db.transaction().execute(async (t) => {
      await alone(t, actor.organisation_id)
      done = await work(t)
      // What failed half-way must not stay either.
      if (dry_run || !done.ok) throw new DryRun()
    })
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
  }
  return done!
}

/** What is not there yet of how a team is reached. */
export async function addContacts(tools: DirectoryTools, t: Db, team: TeamRecord, given: FirstTeam['contacts'], visibility: Visibility, ledger: Ledger): Promise<void> {
  const there = (await contactsOf(t, [team.id])).get(team.id)!
  let room = bounds.contacts_of_team_max - there.length
  for (const { purpose, channel, value } of given) {
    if (there.some((one) => one.channel === channel && one.purpose === purpose && one.value === value)) continue
    if (room-- <= 0) {
      ledger.conflicts.push({ team: team.short_name, why: `no room for ${channel}` })
      continue
    }
    await insertContact(t, { uuid: uuidV4(tools.world), organisation_id: team.organisation_id, team_id: team.id, purpose, channel, value, person: null, hours: JSON.stringify(null), time_zone: null, calendar_id: null, visibility })
    ledger.added.contacts++
  }
}

/** A fingerprint that is not there yet, unverified. */
export async function addFingerprint(tools: DirectoryTools, t: Db, actor: Actor, team: TeamRecord, fingerprint: string, visibility: Visibility, ledger: Ledger): Promise<void> {
  if ((await keysOf(t, team.id)).some((one) => one.fingerprint === fingerprint)) return
  const made = await insertNewKey(tools, t, actor, team, { kind: 'openpgp', fingerprint, visibility })
  if (made.ok) ledger.added.keys++
  else ledger.conflicts.push({ team: team.short_name, why: `${made.problem.code}: ${fingerprint}` })
}

/** Sections that people have not written themselves. */
async function addSections(tools: DirectoryTools, t: Db, team: TeamRecord, given: Sections, ledger: Ledger): Promise<void> {
  const there = await sectionsOf(t, team.id)
  const missing = Object.entries(given).filter(([number]) => there[number] === undefined)
  if (missing.length === 0) return
  await putSections(t, team, { ...there, ...Object.fromEntries(missing) }, new Date(tools.world.now()))
  ledger.added.sections += missing.length
}

/** The team that a list means: the one that it entered before, else a new one. Undefined: another has its name. */
async function teamFor(tools: DirectoryTools, t: Db, actor: Actor, given: FirstTeam, ledger: Ledger): Promise<Result<{ readonly team: TeamRecord; readonly said: Said | undefined } | undefined>> {
  const known = await findSource(t, actor.organisation_id, given.source_id)
  if (known) return ok(known)
  const same = await teamOfShortName(t, actor.organisation_id, given.short_name)
  if (same) {
    ledger.conflicts.push({ team: given.short_name, why: 'another team has this short name' })
    return ok(undefined)
  }
  const made = await insertNewTeam(tools, t, actor, { ...given.fields, short_name: given.short_name, kind: 'other' })
  if (!made.ok) return made
  ledger.created.push(given.short_name)
  return ok({ team: made.value, said: undefined })
}

/** Fields that the list says otherwise than before: taken over unless people changed them here meanwhile. */
async function changeFields(tools: DirectoryTools, t: Db, { team, said }: { readonly team: TeamRecord; readonly said: Said }, given: FirstTeam, ledger: Ledger): Promise<void> {
  const set: Record<string, string | null> = {}
  for (const [field, to] of Object.entries(given.fields)) {
    const [ours, before] = [team[field as keyof FirstTeam['fields']], said[field] ?? null]
    if (to === ours) continue
    const line = { team: team.short_name, field, from: ours, to }
    if (ours === before && !(field === 'name' && to === null)) {
      set[field] = to
      ledger.changed.push(line)
    } else ledger.kept.push(line)
  }
  if (Object.keys(set).length > 0) await updateTeam(t, team.id, { ...set, version: team.version + 1, changed_at: new Date(tools.world.now()) })
}

/** How much was written down: it only grows. */
const entriesOf = ({ created, changed, kept, conflicts, added }: Ledger): number =>
  created.length + changed.length + kept.length + conflicts.length + added.contacts + added.keys + added.constituencies + added.sections

async function takeOver(tools: DirectoryTools, t: Db, actor: Actor, given: FirstTeam, visibility: Visibility, ledger: Ledger): Promise<Result<undefined>> {
  const before = entriesOf(ledger)
  const found = await teamFor(tools, t, actor, given, ledger)
  if (!found.ok) return found
  if (found.value === undefined) return ok(undefined)
  const { team, said } = found.value
  if (said) await changeFields(tools, t, { team, said }, given, ledger)
  await addContacts(tools, t, team, given.contacts, visibility, ledger)
  if (given.fingerprint !== null) await addFingerprint(tools, t, actor, team, given.fingerprint, visibility, ledger)
  for (const value of given.economies) {
    const made = await insertNewClaim(tools, t, actor, team, { kind: 'economy', value, visibility })
    if (made.ok) ledger.added.constituencies++
    else if (made.problem.code !== 'constituency/exists') ledger.conflicts.push({ team: team.short_name, why: `${made.problem.code}: ${value}` })
  }
  // A profile is for everybody: what only members of FIRST may read has no place in it.
  if (visibility === 'public') await addSections(tools, t, team, given.sections, ledger)
  await putSource(t, team, given.source_id, given.fields)
  if (entriesOf(ledger) === before) ledger.same++
  return ok(undefined)
}

/** Takes a list over, or says what that would do. Problem: `directory/too-many`; then nothing was changed. */
export async function applyFirst(tools: DirectoryTools, actor: Actor, { teams, is_public, unread }: FirstList, dry_run: boolean): Promise<Result<ImportReport>> {
  const visibility: Visibility = is_public ? 'public' : 'us'
  const done = await tryOut(tools, actor, dry_run, async (t) => {
    const ledger = newLedger()
    for (const given of teams) {
      const taken = await takeOver(tools, t, actor, given, visibility, ledger)
      if (!taken.ok) return taken
    }
    await note(tools, t, actor, 'directory.import', 'first', { teams: teams.length, created: ledger.created.length, changed: ledger.changed.length, ...ledger.added })
    return ok(ledger)
  })
  if (!done.ok) return done
  if (!is_public) for (const { source_id, sections } of teams) for (const number of Object.keys(sections)) unread.add(`section ${number}`, 'no-place', source_id)
  return ok({ dry_run, ...done.value, unread: unread.list() })
}
