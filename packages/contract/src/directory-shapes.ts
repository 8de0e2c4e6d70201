import { Type, type Static } from 'typebox'
import { maybe, TimeZone } from './people-shapes.ts'
import { Name, NOT_IN_NAMES, UuidText } from './shapes.ts'

/** A closed set of words; the words are part of the interface and only grow. */
export const oneWordOf = <const T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description === undefined ? {} : { description }) })

export const teamKinds = ['national', 'organisational', 'sector', 'government', 'academic', 'vendor', 'isp', 'coordination', 'other'] as const
export type TeamKind = (typeof teamKinds)[number]
/** Where a team's node is: its own, a seat at a partner's, or none: it gets mail. */
export const nodeModes = ['own', 'hosted', 'mail-only'] as const
export type NodeMode = (typeof nodeModes)[number]

/** Who may see a field, the most first: anybody; teams of a common forum; partners by agreement; us alone. */
export const visibilities = ['public', 'community', 'partners', 'us'] as const
export type Visibility = (typeof visibilities)[number]
export const VisibilityName = oneWordOf(visibilities)
/** Fields of a team that are shown by visibility; names always are. */
export const teamFields = ['kind', 'host', 'economy', 'time_zone', 'website', 'established', 'node'] as const
export type TeamField = (typeof teamFields)[number]

export const contactPurposes = ['emergency', 'general', 'vulnerability', 'press', 'abuse', 'law-enforcement', 'policy'] as const
export type ContactPurpose = (typeof contactPurposes)[number]
export const contactChannels = ['mail', 'phone', 'fax', 'web', 'chat', 'post'] as const
export type ContactChannel = (typeof contactChannels)[number]

/** Text of several lines that people wrote. */
export const Prose = (maxLength: number) => Type.String({ maxLength, pattern: `^[^${NOT_IN_NAMES.replace('\\u0000-\\u001f', '\\u0000-\\u0009\\u000b-\\u001f')}]*$` })
export const EconomyCode = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2, or a code of the user-assigned range such as XA' })
export const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: 'A date' })
const Clock = Type.String({ pattern: '^[0-2][0-9]:[0-5][0-9]$' })

export const Hours = Type.Object({
  days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7, description: '1 Monday … 7 Sunday' }),
  from: Clock, to: Type.String({ pattern: '^[0-2][0-9]:[0-5][0-9]$', description: 'Not later than `from`: on the next day' }),
})
export type Hours = Static<typeof Hours>

export const NewContact = Type.Object({
  purpose: oneWordOf(contactPurposes), channel: oneWordOf(contactChannels),
  value: Type.String({ minLength: 1, maxLength: 300, pattern: `^[^${NOT_IN_NAMES}]+$`, description: 'Address, number or URL' }),
  person: Type.Optional(maybe(Name)),
  hours: Type.Optional(maybe(Hours)), time_zone: Type.Optional(maybe(TimeZone)),
  calendar: Type.Optional(maybe(UuidText)),
  visibility: Type.Optional(VisibilityName),
})
export type NewContact = Static<typeof NewContact>
export const ContactView = Type.Object({
  id: UuidText, purpose: oneWordOf(contactPurposes), channel: oneWordOf(contactChannels), value: Type.String(), person: maybe(Type.String()),
  hours: maybe(Hours), time_zone: maybe(Type.String({ description: 'Of the hours; the team’s when it has none of its own' })),
  calendar: maybe(Type.Object({ id: UuidText, name: Type.String() })), visibility: VisibilityName,
  open: Type.Boolean({ description: 'Within its hours now, and no holiday' }),
  holiday: maybe(Type.String({ description: 'Name of today’s holiday there' })),
})
export type ContactView = Static<typeof ContactView>

export const Holiday = Type.Object({ date: Day, name: Name })
export type Holiday = Static<typeof Holiday>
export const NewCalendar = Type.Object({
  name: Name, days: Type.Array(Holiday, { maxItems: 1000 }),
})
export type NewCalendar = Static<typeof NewCalendar>
export const CalendarView = Type.Object({ id: UuidText, name: Type.String(), days: Type.Array(Holiday), last_day: maybe(Day), contacts: Type.Integer({ description: 'That use it' }) })
export type CalendarView = Static<typeof CalendarView>

export const TeamVisibility = Type.Object(Object.fromEntries(teamFields.map((field) => [field, Type.Optional(VisibilityName)])) as Record<TeamField, ReturnType<typeof Type.Optional<typeof VisibilityName>>>, { description: 'Who sees a field; community where nothing is said' })

const ShortName = Type.String({ minLength: 1, maxLength: 60, pattern: `^[^${NOT_IN_NAMES}]+$`, description: 'Unique in the directory, without regard to case' })
const settable = {
  kind: oneWordOf(teamKinds), host: maybe(Name), economy: maybe(EconomyCode), time_zone: maybe(TimeZone), website: maybe(Type.String({ maxLength: 500 })),
  established: maybe(Type.String({ pattern: '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$', description: 'Year, month or day' })), node: oneWordOf(nodeModes),
}
export const NewTeam = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200, pattern: `^[^${NOT_IN_NAMES}]+$` }), short_name: ShortName,
  kind: settable.kind, host: Type.Optional(settable.host), economy: Type.Optional(settable.economy), time_zone: Type.Optional(settable.time_zone),
  website: Type.Optional(settable.website), established: Type.Optional(settable.established), node: Type.Optional(settable.node),
  own: Type.Optional(Type.Boolean({ description: 'This is us; at most one team' })), simulated: Type.Optional(Type.Boolean()), visibility: Type.Optional(TeamVisibility),
})
export type NewTeam = Static<typeof NewTeam>

export const TeamRow = Type.Object({
  id: UuidText, name: Type.String(), short_name: Type.String(), own: Type.Boolean(), simulated: Type.Boolean(),
  kind: maybe(settable.kind), host: settable.host, economy: settable.economy, time_zone: settable.time_zone, website: settable.website, established: settable.established, node: maybe(settable.node),
}, { description: 'null: not known, or not for this audience' })
export type TeamRow = Static<typeof TeamRow>
export const TeamRef = Type.Object({ id: UuidText, short_name: Type.String() })
export type TeamRef = Static<typeof TeamRef>
