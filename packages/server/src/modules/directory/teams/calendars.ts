import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import type { CalendarView, NewCalendar } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import type { CalendarRecord } from '../tables.ts'
import { alone, bounds, note, tooMany, type DirectoryTools } from '../tools.ts'
import { isDay } from './model.ts'
import { calendarsOf, deleteCalendar, findCalendar, insertCalendar, updateCalendar } from './store.ts'

type Db = Kysely<unknown>

/** Days by date, each once. Problem: `request/invalid`. */
function daysOf({ days }: NewCalendar): Result<string> {
  const wrong = days.find(({ date }) => !isDay(date))
  if (wrong) return fail('request/invalid', { what: 'date', value: wrong.date })
  if (new Set(days.map(({ date }) => date)).size !== days.length) return fail('request/invalid', { what: 'date', message: 'a date stands twice' })
  return ok(JSON.stringify(days.toSorted((a, b) => (a.date < b.date ? -1 : 1))))
}

const sameName = (rows: readonly CalendarRecord[], name: string, mine?: string): boolean => rows.some((row) => row.name.toLowerCase() === name.toLowerCase() && row.uuid !== mine)

export const calendarView = (row: CalendarRecord, contacts: number): CalendarView => ({ id: row.uuid, name: row.name, days: [...row.days], last_day: row.days.at(-1)?.date ?? null, contacts })

export const listCalendars = async (db: Db, organisation_id: number): Promise<CalendarView[]> => (await calendarsOf(db, organisation_id)).map((row) => calendarView(row, row.contacts))

/** Problems: `request/invalid`, `calendar/name-taken`, `directory/too-many`. */
export const addCalendar = (tools: DirectoryTools, actor: Actor, body: NewCalendar): Promise<Result<CalendarView>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const days = daysOf(body)
  if (!days.ok) return days
  const rows = await calendarsOf(t, actor.organisation_id)
  if (rows.length >= bounds.calendars_max) return tooMany('calendars', bounds.calendars_max)
  if (sameName(rows, body.name)) return fail('calendar/name-taken')
  const row = await insertCalendar(t, { uuid: uuidV4(tools.world), organisation_id: actor.organisation_id, name: body.name, days: days.value })
  await note(tools, t, actor, 'calendar.add', row.uuid, { days: body.days.length })
  return ok(calendarView(row, 0))
})

/** Problems: `request/invalid`, `calendar/not-found`, `calendar/name-taken`. */
export const changeCalendar = (tools: DirectoryTools, actor: Actor, uuid: string, body: NewCalendar): Promise<Result<CalendarView>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const days = daysOf(body)
  if (!days.ok) return days
  const rows = await calendarsOf(t, actor.organisation_id)
  const before = rows.find((row) => row.uuid === uuid)
  if (!before) return fail('calendar/not-found')
  if (sameName(rows, body.name, uuid)) return fail('calendar/name-taken')
  const row = await updateCalendar(t, before.id, { name: body.name, days: days.value })
  await note(tools, t, actor, 'calendar.change', row.uuid, { days: body.days.length })
  return ok(calendarView(row, before.contacts))
})

/** Problems: `calendar/not-found`, `calendar/in-use`. */
export const removeCalendar = (tools: DirectoryTools, actor: Actor, uuid: string): Promise<Result<object>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const calendar = await findCalendar(t, actor.organisation_id, uuid)
  if (!calendar) return fail('calendar/not-found')
  const { contacts } = (await calendarsOf(t, actor.organisation_id)).find(({ id }) => id === calendar.id)!
  if (contacts > 0) return fail('calendar/in-use', { contacts })
  await deleteCalendar(t, calendar.id)
  await note(tools, t, actor, 'calendar.remove', calendar.uuid)
  return ok({})
})
