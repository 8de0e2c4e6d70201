import type { ContactView, TeamRow, TeamView } from '@hirundo/contract'
import { table } from '../frame.ts'
import { agreementsTable } from './agreements.ts'
import { membershipsTable } from './communities.ts'
import { constituenciesTable } from './constituencies.ts'
import { keysTable } from './keys.ts'

const dayNames = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

export const markOf = ({ own, simulated }: Pick<TeamRow, 'own' | 'simulated'>): string => [...(own ? ['US'] : []), ...(simulated ? ['SIMULATED'] : [])].join(' ')

export const teamsTable = (rows: readonly TeamRow[]): string => table(rows, [
  { title: 'TEAM', value: (row) => row.short_name }, { title: 'NAME', value: (row) => row.name }, { title: 'KIND', value: (row) => row.kind }, { title: 'ECONOMY', value: (row) => row.economy },
  { title: 'NODE', value: (row) => row.node }, { title: 'TIME ZONE', value: (row) => row.time_zone }, { title: '', value: (row) => markOf(row) }, { title: 'ID', value: (row) => row.id },
])

export function whenText({ hours, time_zone, calendar }: ContactView): string {
  const holidays = calendar === null ? '' : `, not on ${calendar.name}`
  return hours === null ? `24/7${holidays}` : `${hours.days.map((day) => dayNames[day]).join(' ')} ${hours.from}-${hours.to} ${time_zone ?? ''}${holidays}`
}

const contactsTable = (rows: readonly ContactView[]): string => table(rows, [
  { title: 'PURPOSE', value: (row) => row.purpose }, { title: 'CHANNEL', value: (row) => row.channel }, { title: 'VALUE', value: (row) => row.value }, { title: 'PERSON', value: (row) => row.person },
  { title: 'WHEN', value: whenText }, { title: 'NOW', value: (row) => (row.open ? 'open' : row.holiday === null ? 'closed' : `closed: ${row.holiday}`) },
  { title: 'FOR', value: (row) => row.visibility }, { title: 'ID', value: (row) => row.id },
])

const line = (name: string, value: string | null): string => `${name.padEnd(12)} ${value ?? '-'}`

/** A team for people, part by part. */
export function teamText(team: TeamView): string {
  const heading = `${team.short_name}: ${team.name}${markOf(team) === '' ? '' : ` (${markOf(team)})`}`
  const fields = [
    line('kind', team.kind), line('host', team.host), line('economy', team.economy), line('time zone', team.time_zone), line('web site', team.website),
    line('established', team.established), line('node', team.node), line('id', team.id),
  ]
  const tables = [
    team.contacts.length === 0 ? 'No point of contact.' : contactsTable(team.contacts), ...(team.keys.length === 0 ? [] : [keysTable(team.keys)]),
    ...(team.constituencies.length === 0 ? [] : [constituenciesTable(team.constituencies)]), ...(team.memberships.length === 0 ? [] : [membershipsTable(team.memberships)]),
    ...(team.agreements.length === 0 ? [] : [agreementsTable(team.agreements)]),
  ]
  return [heading, ...fields, ...tables.flatMap((one) => ['', one])].join('\n')
}
