import { fail, ok, type Result } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import type { TeamView, Visibility } from '@hirundo/contract'
import { handle, type Handler } from '../../../platform/module.ts'
import type { TeamRecord } from '../tables.ts'
import type { DirectoryTools } from '../tools.ts'
import { addCalendar, changeCalendar, listCalendars, removeCalendar } from './calendars.ts'
import { addContact, addTeam, changeTeam, removeContact, removeTeam, type Rest } from './commands.ts'
import { contactsOf, findTeam, teamsOf } from './store.ts'
import { contactView, teamRow, teamView, type PartsOf } from './views.ts'

const rows_default = 100

/** The team that a page begins behind. Problem: `request/invalid`. */
function behind(after: string | undefined): Result<{ readonly short_name: string; readonly id: number } | undefined> {
  if (after === undefined) return ok(undefined)
  const [id, ...name] = after.split('.')
  const short_name = Buffer.from(name.join('.'), 'base64url').toString()
  return /^\d{1,15}$/.test(id!) && Buffer.from(short_name).toString('base64url') === name.join('.') && !short_name.includes('\0') ? ok({ id: Number(id), short_name }) : fail('request/invalid', { what: 'after' })
}
const cursorOf = ({ id, short_name }: TeamRecord): string => `${id}.${Buffer.from(short_name).toString('base64url')}`

/** The routes of teams, their contacts and calendars. `parts`: what other parts of the directory know of a team; `rests`: what may keep it from being taken out. */
export function teamHandlers(tools: DirectoryTools, parts: PartsOf, rests: readonly Rest[] = []): readonly Handler[] {
  const { db, world } = tools
  const view = async (result: Result<TeamRecord>, audience: Visibility = 'us'): Promise<Result<TeamView>> =>
    (result.ok ? ok({ ...teamView(result.value, (await contactsOf(db, [result.value.id])).get(result.value.id)!, audience, world.now()), ...await parts(db, result.value, audience) }) : result)
  return [
    handle(contract.listTeams, async ({ query }, { actor }) => {
      const after = behind(query.after)
      if (!after.ok) return after
      const limit = query.limit ?? rows_default
      const rows = await teamsOf(db, actor!.organisation_id, { economy: query.economy, name: query.name, after: after.value, limit: limit + 1 })
      const audience = query.as ?? 'us'
      const shown = rows.slice(0, limit).map((row) => ({ row, seen: teamRow(row, audience) }))
        // A question by economy must not tell what the answer hides.
        .filter(({ seen }) => query.economy === undefined || seen.economy !== null)
      return ok({ teams: shown.map(({ seen }) => seen), next: rows.length > limit ? cursorOf(rows[limit - 1]!) : null })
    }),
    handle(contract.getTeam, async ({ params, query }, { actor }) => {
      const team = await findTeam(db, actor!.organisation_id, params.id)
      return view(team ? ok(team) : fail('team/not-found'), query.as)
    }),
    handle(contract.addTeam, async ({ body }, { actor }) => view(await addTeam(tools, actor!, body))),
    handle(contract.changeTeam, async ({ params, body }, { actor }) => view(await changeTeam(tools, actor!, params.id, body))),
    handle(contract.removeTeam, ({ params }, { actor }) => removeTeam(tools, actor!, params.id, rests)),
    handle(contract.addContact, async ({ params, body }, { actor }) => {
      const made = await addContact(tools, actor!, params.id, body)
      if (!made.ok) return made
      const { team, contact } = made.value
      return ok(contactView(team, (await contactsOf(db, [team.id])).get(team.id)!.find(({ id }) => id === contact.id)!, world.now()))
    }),
    handle(contract.removeContact, ({ params }, { actor }) => removeContact(tools, actor!, params.id)),
    handle(contract.listCalendars, async (_, { actor }) => ok({ calendars: await listCalendars(db, actor!.organisation_id) })),
    handle(contract.addCalendar, ({ body }, { actor }) => addCalendar(tools, actor!, body)),
    handle(contract.changeCalendar, ({ params, body }, { actor }) => changeCalendar(tools, actor!, params.id, body)),
    handle(contract.removeCalendar, ({ params }, { actor }) => removeCalendar(tools, actor!, params.id)),
  ]
}
