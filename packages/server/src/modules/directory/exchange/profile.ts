import { fail, isTimeZone, ok, type Result } from '@hirundo/base'
import type { ImportReport, Visibility } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { isMailAddress } from '../../../platform/notify/mail-address.ts'
import { plainText } from '../../../platform/notify/plain-text.ts'
import { readFingerprint } from '../keys/model.ts'
import { keysOfTeam } from '../keys/views.ts'
import type { TeamRecord } from '../tables.ts'
import { isSeenBy } from '../teams/model.ts'
import { contactsOf, findTeam, lockTeam, updateTeam } from '../teams/store.ts'
import { teamRow } from '../teams/views.ts'
import { note, type DirectoryTools } from '../tools.ts'
import { addContacts, addFingerprint, newLedger, tryOut } from './apply.ts'
import type { FirstTeam } from './first.ts'
import { formatProfile, parseProfile, type Sections } from './rfc2350.ts'
import { putSections, sectionsOf } from './store.ts'
import { UnreadFields } from './unread.ts'

type Db = Kysely<unknown>
const PROFILE_CHARS_MAX = 262_144
const SECTION_CHARS_MAX = 20_000
const CONTACTS_MAX = 10

const linesOf = (sections: Sections, number: string): string[] => (sections[number] ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '')
const afterColon = (line: string): string => line.slice(Math.max(line.lastIndexOf(': '), line.lastIndexOf('=')) + 1).trim()

/** Mail addresses and numbers that a profile names; what of those sections names none is said. */
function contactsIn(sections: Sections, unread: UnreadFields): FirstTeam['contacts'] {
  const mails = linesOf(sections, '2.7').flatMap((line) => line.split(/[\s,;<>()]+/)).map((word) => word.replace(/[.:]$/, '')).filter(isMailAddress)
  const numbers = (number: string) => linesOf(sections, number).map((line) => afterColon(line)).filter((text) => text.length <= 60 && text.replaceAll(/\D/g, '').length >= 5)
  const found = { '2.7': mails, '2.4': numbers('2.4'), '2.5': numbers('2.5') }
  for (const [number, values] of Object.entries(found)) {
    if (values.length === 0 && sections[number] !== undefined) unread.add(`section ${number}`, 'not-understood', linesOf(sections, number)[0]!)
    if (values.length > CONTACTS_MAX) unread.add(`section ${number}`, 'partial', `${CONTACTS_MAX} of ${values.length}`)
  }
  const of = <C extends 'mail' | 'phone' | 'fax'>(channel: C, values: readonly string[]) => [...new Set(values)].slice(0, CONTACTS_MAX).map((value) => ({ purpose: 'general' as const, channel, value }))
  return [...of('mail', mails), ...of('phone', found['2.4']), ...of('fax', found['2.5'])]
}

const fingerprintsIn = (sections: Sections): string[] => [...new Set(linesOf(sections, '2.8').flatMap((line) => {
  const read = [line, afterColon(line)].map((text) => readFingerprint('openpgp', text)).find((one) => one.ok)
  return read?.ok ? [read.value] : []
}))].slice(0, CONTACTS_MAX)

/** The zone that a profile names, if it does. */
function zoneIn(sections: Sections, unread: UnreadFields): string | undefined {
  const zone = linesOf(sections, '2.3').flatMap((line) => line.split(/[\s,;()]+/)).find((word) => /^[A-Z][A-Za-z_]+\/[A-Za-z_/+-]+$/.test(word) && isTimeZone(word))
  if (zone === undefined && sections['2.3'] !== undefined) unread.add('section 2.3', 'not-understood', linesOf(sections, '2.3')[0]!)
  return zone
}

/** Takes a profile over, or says what that would do. Problems: `team/not-found`, `import/unreadable`, `directory/too-many`. */
export async function importProfile(tools: DirectoryTools, actor: Actor, uuid: string, given: string, dry_run: boolean): Promise<Result<ImportReport>> {
  if (given.length > PROFILE_CHARS_MAX) return fail('import/unreadable', { what: 'length', max: PROFILE_CHARS_MAX })
  const { sections, preamble } = parseProfile(plainText(given, PROFILE_CHARS_MAX))
  if (Object.keys(sections).length === 0) return fail('import/unreadable', { what: 'sections' })
  if (Object.values(sections).some((text) => text.length > SECTION_CHARS_MAX)) return fail('import/unreadable', { what: 'section', max: SECTION_CHARS_MAX })
  const unread = new UnreadFields()
  if (preamble !== '') unread.add('preamble', 'no-place', preamble.split('\n')[0]!)
  const [contacts, zone] = [contactsIn(sections, unread), zoneIn(sections, unread)]
  const done = await tryOut(tools, actor, dry_run, async (t) => {
    const team = await lockTeam(t, actor.organisation_id, uuid)
    if (!team) return fail('team/not-found')
    const ledger = newLedger()
    const before = await sectionsOf(t, team.id)
    for (const number of new Set([...Object.keys(before), ...Object.keys(sections)])) {
      const [from, to] = [before[number] ?? null, sections[number] ?? null]
      if (from !== to) ledger.changed.push({ team: team.short_name, field: `section ${number}`, from, to })
    }
    if (zone !== undefined && team.time_zone === null) {
      ledger.changed.push({ team: team.short_name, field: 'time_zone', from: null, to: zone })
      await updateTeam(t, team.id, { time_zone: zone, version: team.version + 1, changed_at: new Date(tools.world.now()) })
    }
    ledger.added.sections = Object.keys(sections).filter((number) => before[number] === undefined).length
    await putSections(t, team, sections, new Date(tools.world.now()))
    await addContacts(tools, t, team, contacts, 'public', ledger)
    for (const fingerprint of fingerprintsIn(sections)) await addFingerprint(tools, t, actor, team, fingerprint, 'public', ledger)
    ledger.same = ledger.changed.length + ledger.added.contacts + ledger.added.keys === 0 ? 1 : 0
    await note(tools, t, actor, 'profile.import', team.uuid, ledger.added)
    return ok(ledger)
  })
  return done.ok ? ok({ dry_run, ...done.value, unread: unread.list() }) : done
}

/** What the directory knows better than the text that was imported, as `audience` may see it; null: nothing. */
async function knownSections(tools: DirectoryTools, db: Db, team: TeamRecord, audience: Visibility): Promise<Readonly<Record<string, string | null>>> {
  const contacts = (await contactsOf(db, [team.id])).get(team.id)!.filter(({ visibility }) => isSeenBy(visibility, audience))
  const values = (channel: string): string | null => contacts.filter((one) => one.channel === channel).map(({ purpose, value }) => `${purpose}: ${value}`).join('\n') || null
  const keys = await keysOfTeam(db, team, audience, tools.world.now())
  const { time_zone } = teamRow(team, audience)
  return {
    '2.1': `${team.short_name}: ${team.name}`, '2.3': time_zone, '2.4': values('phone'), '2.5': values('fax'), '2.7': values('mail'),
    '2.8': keys.filter(({ kind }) => kind === 'openpgp').map(({ fingerprint, standing, valid_to }) => `${fingerprint} (${standing}${valid_to === null ? '' : `, until ${valid_to}`})`).join('\n') || null,
  }
}

/**
 * A profile in the form of RFC 2350. What the directory knows stands in place of imported text; what an audience may not see of
 * it is not replaced by the text either. Problem: `team/not-found`.
 */
export async function exportProfile(tools: DirectoryTools, organisation_id: number, uuid: string, audience: Visibility): Promise<Result<{ readonly text: string }>> {
  const team = await findTeam(tools.db, organisation_id, uuid)
  if (!team) return fail('team/not-found')
  const [stored, known] = [await sectionsOf(tools.db, team.id), await knownSections(tools, tools.db, team, audience)]
  const sections: Record<string, string> = { ...stored }
  for (const [number, text] of Object.entries(known)) {
    if (text !== null) sections[number] = text
    else if (audience !== 'us') delete sections[number]
  }
  return ok({ text: formatProfile(sections) })
}
