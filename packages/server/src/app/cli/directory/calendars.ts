import { addCalendar, changeCalendar, listCalendars, removeCalendar, type ApiClient, type CalendarView, type Holiday } from '@hirundo/contract'
import { InvalidArgumentError, type Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, print, table, take, type Cli, type CommonOptions } from '../frame.ts'
import { oneOf } from './frame.ts'

/** The calendar of an id or name. Throws OperatorError when there is none. */
export async function findCalendar(client: ApiClient, text: string): Promise<CalendarView> {
  return oneOf(take(await client.call(listCalendars, {})).calendars, text, ({ name }) => [name], 'calendar', 'hirundo calendars')
}

/** `2026-01-01=New Year’s Day` */
function holiday(text: string, before: readonly Holiday[] | undefined): readonly Holiday[] {
  const [, date, name] = /^(\d{4}-\d{2}-\d{2})=(.{1,100})$/u.exec(text) ?? []
  if (date === undefined) throw new InvalidArgumentError('It looks like 2026-01-01="New Year’s Day".')
  return [...(before ?? []), { date, name: name! }]
}

const dayLines = ({ days }: CalendarView): string => days.map(({ date, name }) => `${date}  ${name}`).join('\n')

/** calendars, calendar, calendar add, change, remove. */
export function calendarCommands(program: Command, cli: Cli): void {
  common(program.command('calendars').description('calendars of holidays, which points of contact follow')).action(async (options: CommonOptions) => {
    const { calendars } = take(await (await connect(cli, options)).call(listCalendars, {}))
    print(cli, options, calendars, (rows) => table(rows, [
      { title: 'NAME', value: (row) => row.name }, { title: 'DAYS', value: (row) => row.days.length }, { title: 'LAST', value: (row) => row.last_day },
      { title: 'CONTACTS', value: (row) => row.contacts }, { title: 'ID', value: (row) => row.id },
    ]))
  })
  const calendar = common(program.command('calendar').description('one calendar of holidays').argument('<CALENDAR>', 'name or id'))
    .addHelpText('after', '\nExample: hirundo calendar "Holidays of XA"')
    .action(async (text: string, options: CommonOptions) => print(cli, options, await findCalendar(await connect(cli, options), text), dayLines))
  common(calendar.command('add').description('add a calendar').argument('<NAME>')).option('--day <DATE=NAME>', 'a holiday; may be given several times', holiday)
    .addHelpText('after', '\nExample: hirundo calendar add "Holidays of XA" --day 2027-01-01="New Year’s Day"')
    .action(async (name: string, { day, ...options }: CommonOptions & { day?: readonly Holiday[] }) => {
      const made = take(await (await connect(cli, options)).call(addCalendar, { body: { name, days: [...(day ?? [])] } }))
      print(cli, options, made, (row) => `${row.name}: ${row.days.length} days (${row.id})`)
    })
  common(calendar.command('change').description('add holidays, or take some out').argument('<CALENDAR>', 'name or id')).option('--day <DATE=NAME>', 'a holiday; replaces another of its date', holiday)
    .option('--without <DATE...>', 'dates to take out').option('--name <NAME>', 'another name')
    .addHelpText('after', '\nExample: hirundo calendar change "Holidays of XA" --day 2027-05-01="May Day" --without 2026-05-01')
    .action(async (text: string, { day = [], without = [], name, ...options }: CommonOptions & { day?: readonly Holiday[]; without?: readonly string[]; name?: string }) => {
      const client = await connect(cli, options)
      const before = await findCalendar(client, text)
      const unknown = without.find((date) => !before.days.some((one) => one.date === date))
      if (unknown !== undefined) throw new OperatorError(`${before.name} has no ${unknown}.`, `"hirundo calendar ${before.id}" shows its days.`)
      const gone = new Set([...without, ...day.map(({ date }) => date)])
      const body = { name: name ?? before.name, days: [...before.days.filter(({ date }) => !gone.has(date)), ...day] }
      print(cli, options, take(await client.call(changeCalendar, { params: { id: before.id }, body })), (row) => `${row.name}: ${row.days.length} days`)
    })
  common(calendar.command('remove').description('remove a calendar that no point of contact uses').argument('<CALENDAR>', 'name or id'))
    .addHelpText('after', '\nExample: hirundo calendar remove "Holidays of XA"')
    .action(async (text: string, options: CommonOptions) => {
      const client = await connect(cli, options)
      const { id, name } = await findCalendar(client, text)
      print(cli, options, take(await client.call(removeCalendar, { params: { id } })), () => `${name} is removed`)
    })
}
