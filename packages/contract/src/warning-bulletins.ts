import { Type, type Static } from 'typebox'
import { languages, type Language } from './messages/index.ts'
import { LanguageName, maybe } from './people-shapes.ts'
import { route } from './route.ts'
import { Instant, Next, Nothing, pageQuery, UuidText } from './shapes.ts'
import { findingKinds, FindingKindName, severities, SeverityName, TlpName, type FindingKind, type Severity } from './warning-shapes.ts'

const id = Type.Object({ id: UuidText })
/** A bulletin as people name it: its number stands on it, its id in addresses. */
const BulletinRef = Type.String({ pattern: '^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[Hh][Bb]-[0-9]{4}-[0-9]{4,9})$', description: 'Its id, or its number as HB-2026-0001' })
const ref = Type.Object({ id: BulletinRef })
const Line = Type.String({ maxLength: 500 })
const Text = Type.String({ maxLength: 8000 })

/** The slots of an early warning, in the order in which they are read. */
export const bulletinSlots = ['what', 'since', 'affected', 'evidence', 'certainty', 'action', 'indicators'] as const
export type BulletinSlot = (typeof bulletinSlots)[number]

/** A bulletin in one language: a title and one text per slot. Drafted from the finding, then a person's words. */
export const BulletinText = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 200 }),
  what: Text, since: Text, affected: Text, evidence: Text, certainty: Text, action: Text, indicators: Text,
})
export type BulletinText = Static<typeof BulletinText>
const Texts = Type.Object(Object.fromEntries(languages.map((language) => [language, BulletinText])) as Record<Language, typeof BulletinText>)

export const bulletinStates = ['draft', 'released', 'withdrawn'] as const
export type BulletinState = (typeof bulletinStates)[number]
const StateName = Type.Unsafe<BulletinState>({ type: 'string', enum: [...bulletinStates] })

export const BulletinRow = Type.Object({
  id: UuidText, number: Type.String({ description: 'HB-2026-0001, in order of drafting within the organisation' }),
  state: StateName, tlp: TlpName, severity: SeverityName, kind: FindingKindName, title: Line,
  created_at: Instant, created_by: Type.String(), released_at: maybe(Instant), released_by: maybe(Type.String()),
  simulated: Type.Boolean(), deliveries: Type.Object({ waiting: Type.Integer(), sent: Type.Integer(), failed: Type.Integer() }),
})
export type BulletinRow = Static<typeof BulletinRow>
export const BulletinView = Type.Object({
  ...BulletinRow.properties,
  findings: Type.Array(UuidText), texts: Texts,
  edited: Type.Array(LanguageName, { description: 'Languages whose text a person changed; the others stand as drafted' }),
  withdrawn_why: maybe(Type.String()), version: Type.Integer({ description: 'Of the text: an edit names the one it saw' }),
})
export type BulletinView = Static<typeof BulletinView>

export const listBulletins = route({
  id: 'bulletins.list', method: 'GET', path: '/bulletins', needs: 'findings:read', summary: 'Early-warning bulletins, newest first; titles in the language asked for',
  query: Type.Object({ state: Type.Optional(StateName), language: Type.Optional(LanguageName), ...pageQuery }),
  output: Type.Object({ bulletins: Type.Array(BulletinRow), next: Next }), errors: ['request/invalid'],
})
export const getBulletin = route({
  id: 'bulletins.get', method: 'GET', path: '/bulletins/:id', needs: 'findings:read', summary: 'One bulletin in every language',
  params: ref, output: BulletinView, errors: ['bulletin/not-found'],
})
export const draftBulletin = route({
  id: 'bulletins.draft', method: 'POST', path: '/findings/:id/bulletin', needs: 'findings:write', summary: 'Drafts a bulletin from a finding, in every language',
  params: id, output: BulletinView, errors: ['finding/not-found'],
})
export const editBulletin = route({
  id: 'bulletins.edit', method: 'PUT', path: '/bulletins/:id', needs: 'findings:write', summary: 'Changes texts or TLP of a draft; the version that was seen must still be the newest',
  params: id, body: Type.Object({ version: Type.Integer(), tlp: Type.Optional(TlpName), texts: Type.Optional(Type.Partial(Texts)) }),
  output: BulletinView, errors: ['bulletin/not-found', 'bulletin/wrong-state', 'bulletin/changed-meanwhile'],
})
export const releaseBulletin = route({
  id: 'bulletins.release', method: 'POST', path: '/bulletins/:id/release', needs: 'bulletins:release', step_up: true,
  summary: 'Releases a bulletin in the caller’s name: it goes to who subscribed to it',
  params: id, body: Type.Object({ version: Type.Integer() }), output: BulletinView,
  errors: ['bulletin/not-found', 'bulletin/wrong-state', 'bulletin/changed-meanwhile', 'bulletin/no-person'],
})
export const withdrawBulletin = route({
  id: 'bulletins.withdraw', method: 'POST', path: '/bulletins/:id/withdraw', needs: 'bulletins:release',
  summary: 'Withdraws a released bulletin; who got it is told', params: id, body: Type.Object({ why: Type.String({ minLength: 1, maxLength: 1000 }) }),
  output: BulletinView, errors: ['bulletin/not-found', 'bulletin/wrong-state', 'bulletin/no-person'],
})
export const passedOver = ['paused', 'kind', 'port', 'economy', 'asn', 'severity', 'tlp'] as const
export type PassedOver = (typeof passedOver)[number]

export const previewRecipients = route({
  id: 'bulletins.recipients', method: 'GET', path: '/bulletins/:id/recipients', needs: 'findings:read', summary: 'Who would get this bulletin now, and by which subscription',
  params: ref, output: Type.Object({
    recipients: Type.Array(Type.Object({ subscription: UuidText, name: Line, channel: Type.String(), target: Line })),
    passed_over: Type.Array(Type.Object({ subscription: UuidText, name: Line, why: Type.Unsafe<PassedOver>({ type: 'string', enum: [...passedOver] }) }), { description: 'Other subscriptions to bulletins, each with the first reason why it does not get this one' }),
  }), errors: ['bulletin/not-found'],
})

export const channels = ['mail', 'webhook', 'web'] as const
export type Channel = (typeof channels)[number]
const SubscriptionFields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  channel: Type.Unsafe<Channel>({ type: 'string', enum: [...channels] }),
  target: Type.String({ maxLength: 500, description: 'Mail address, webhook URL (must be on the operator’s allow-list); empty for web: the notices of who made it' }),
  of: Type.Unsafe<'bulletins' | 'findings'>({ type: 'string', enum: ['bulletins', 'findings'], description: 'findings: at once when the node finds one, for the own team' }),
  language: LanguageName,
  kinds: Type.Array(Type.Unsafe<FindingKind>({ type: 'string', enum: [...findingKinds] }), { description: 'Empty: all' }),
  ports: Type.Array(Type.String({ maxLength: 12, pattern: '^(tcp|udp)/[0-9]{1,5}$' }), { maxItems: 100 }),
  economies: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 100 }),
  asns: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 100 }),
  severity_min: Type.Unsafe<Severity>({ type: 'string', enum: [...severities] }),
  tlp_max: TlpName,
  digest: Type.Unsafe<'at-once' | 'hourly' | 'daily'>({ type: 'string', enum: ['at-once', 'hourly', 'daily'] }),
  quiet: maybe(Type.Object({ from: Type.String({ pattern: '^[0-2][0-9]:[0-5][0-9]$' }), to: Type.String({ pattern: '^[0-2][0-9]:[0-5][0-9]$' }), time_zone: Type.String({ maxLength: 64 }), but_urgent: Type.Boolean({ description: 'urgent ones are sent all the same' }) })),
}
export const NewSubscription = Type.Object(SubscriptionFields)
export type NewSubscription = Static<typeof NewSubscription>
export const SubscriptionView = Type.Object({ id: UuidText, ...SubscriptionFields, active: Type.Boolean(), created_by: Type.String(), created_at: Instant, last_sent_at: maybe(Instant), last_problem: maybe(Type.String()), secret_shown_once: maybe(Type.String({ description: 'Key of the webhook’s signature, only in the answer to its creation' })) })
export type SubscriptionView = Static<typeof SubscriptionView>

export const listSubscriptions = route({
  id: 'subscriptions.list', method: 'GET', path: '/subscriptions', needs: 'findings:read', summary: 'Who is told of what', output: Type.Object({ subscriptions: Type.Array(SubscriptionView) }), errors: [],
})
export const addSubscription = route({
  id: 'subscriptions.add', method: 'POST', path: '/subscriptions', needs: 'findings:write', summary: 'Adds a subscription', body: NewSubscription, output: SubscriptionView,
  errors: ['request/invalid', 'subscription/target-refused', 'subscription/too-many'],
})
export const changeSubscription = route({
  id: 'subscriptions.change', method: 'PUT', path: '/subscriptions/:id', needs: 'findings:write', summary: 'Replaces a subscription, or pauses it', params: id,
  body: Type.Object({ ...SubscriptionFields, active: Type.Boolean() }), output: SubscriptionView, errors: ['subscription/not-found', 'request/invalid', 'subscription/target-refused'],
})
export const removeSubscription = route({
  id: 'subscriptions.remove', method: 'DELETE', path: '/subscriptions/:id', needs: 'findings:write', summary: 'Ends a subscription; what waits for it is not sent', params: id, output: Nothing, errors: ['subscription/not-found'],
})
export const testSubscription = route({
  id: 'subscriptions.test', method: 'POST', path: '/subscriptions/:id/test', needs: 'findings:write', summary: 'Sends a notice that says it is a test', params: id,
  output: Type.Object({ sent: Type.Boolean(), detail: Type.String() }), errors: ['subscription/not-found'],
})
/** What a delivery tells of. */
export const deliveryOf = ['released', 'withdrawn', 'found', 'worse', 'test'] as const
export type DeliveryOf = (typeof deliveryOf)[number]

export const listDeliveries = route({
  id: 'deliveries.list', method: 'GET', path: '/deliveries', needs: 'findings:read', summary: 'What was sent to whom, when, and what is waiting or failed',
  query: Type.Object({ bulletin: Type.Optional(BulletinRef), subscription: Type.Optional(UuidText), ...pageQuery }),
  output: Type.Object({
    deliveries: Type.Array(Type.Object({
      id: UuidText, subscription: Line, channel: Type.String(), target: Line, about: Type.String({ description: 'Number of the bulletin or kind of the finding; empty for a test' }),
      what: Type.Unsafe<DeliveryOf>({ type: 'string', enum: [...deliveryOf], description: 'withdrawn: that a bulletin no longer stands. test: a message that says so' }), state: Type.Unsafe<'waiting' | 'sent' | 'failed' | 'unknown'>({ type: 'string', enum: ['waiting', 'sent', 'failed', 'unknown'] }),
      attempts: Type.Integer(), due_at: Instant, sent_at: maybe(Instant), problem: maybe(Type.String()),
    })), next: Next,
  }),
  errors: ['request/invalid', 'bulletin/not-found'],
})
export const listNotices = route({
  id: 'notices.list', method: 'GET', path: '/notices', needs: 'findings:read', summary: 'Notices on the web for the person who asks, newest first',
  output: Type.Object({ unread: Type.Integer(), notices: Type.Array(Type.Object({ id: UuidText, at: Instant, title: Line, href: Type.String(), severity: SeverityName, read: Type.Boolean() })) }), errors: [],
})
export const readNotices = route({
  id: 'notices.read', method: 'POST', path: '/notices/read', needs: 'findings:read', summary: 'Marks notices as read', body: Type.Object({ ids: Type.Array(UuidText, { maxItems: 1000 }) }), output: Nothing, errors: [],
})

export const bulletinRoutes = [
  listBulletins, getBulletin, draftBulletin, editBulletin, releaseBulletin, withdrawBulletin, previewRecipients,
  listSubscriptions, addSubscription, changeSubscription, removeSubscription, testSubscription, listDeliveries, listNotices, readNotices,
] as const
