import type { BulletinState, BulletinText, Channel, FindingKind, Language, NewSubscription, Severity, Tlp } from '@hirundo/contract'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { DeliveryContent, DeliveryState, DeliveryWhat, MessageState, ProblemOfDelivery } from './model.ts'
import type { Quiet } from './schedule.ts'

/** Tables of bulletins, as `migrations/0002-bulletins.ts` makes them. */
export interface BulletinTables {
  bulletin_number: { organisation_id: number; year: number; last: number }
  bulletin: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    year: number
    serial: number
    state: BulletinState
    tlp: Tlp
    severity: Severity
    kind: FindingKind
    simulated: boolean
    finding: string
    texts: JSONColumnType<Record<Language, BulletinText>>
    edited: Generated<Language[]>
    /** Its indicators name what strangers wrote: until it is released they are for those who may read content. */
    holds_content: boolean
    version: Generated<number>
    ports: string[]
    economies: string[]
    asns: number[]
    created_at: Date
    created_by: string
    released_at: Date | null
    released_by: string | null
    withdrawn_at: Date | null
    withdrawn_by: string | null
    withdrawn_why: string | null
  }
  warning_subscription: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    name: string
    channel: Channel
    target: string
    subject: NewSubscription['of']
    language: Language
    kinds: FindingKind[]
    ports: string[]
    economies: string[]
    asns: number[]
    severity_min: Severity
    tlp_max: Tlp
    digest: NewSubscription['digest']
    quiet: JSONColumnType<Quiet> | null
    /** Key of a webhook's signatures: whoever reads the database may sign as the node. */
    secret: Buffer | null
    /** Whose notices the web channel writes. */
    person_id: string | null
    active: boolean
    created_at: Date
    created_by: string
    last_sent_at: Date | null
    problem: ProblemOfDelivery | null
    problem_detail: string | null
    /** Deliveries that found no room since the last message. */
    shed: Generated<number>
    /** The row stays for what was sent by it. */
    removed_at: Date | null
  }
  warning_message: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    subscription_id: number
    channel: Channel
    target: string
    /** Key and person that the channel needs, as the subscription had them when the message was made. */
    secret: Buffer | null
    person_id: string | null
    language: Language
    /** Joined because more came than the subscription sends by itself. */
    joined: boolean
    left_out: Generated<number>
    test: Generated<boolean>
    state: MessageState
    attempts: Generated<number>
    due_at: Date
    created_at: Date
    lease_until: Date | null
    handed_over_at: Date | null
    sent_at: Date | null
    problem: ProblemOfDelivery | null
    problem_detail: string | null
  }
  warning_delivery: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    subscription_id: number
    /** UUID of the finding or bulletin. */
    object: string
    what: DeliveryWhat
    /** Number or kind, for lists. */
    about: string
    severity: Severity
    content: JSONColumnType<DeliveryContent> | null
    /** Of a withdrawal: the message that brought the bulletin. It goes where that went, wherever the subscription sends now. */
    reached_by: number | null
    state: DeliveryState
    due_at: Date
    created_at: Date
    message_id: number | null
    problem: ProblemOfDelivery | null
  }
  warning_notice: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    person_id: string
    message_id: number
    at: Date
    title: string
    href: string
    severity: Severity
    read_at: Date | null
  }
}

export type BulletinRecord = Selectable<BulletinTables['bulletin']>
export type SubscriptionRecord = Selectable<BulletinTables['warning_subscription']>
export type MessageRecord = Selectable<BulletinTables['warning_message']>
export type DeliveryRecord = Selectable<BulletinTables['warning_delivery']>

/** The same database, seen with the tables of bulletins. */
export const bulletinDb = (db: Kysely<unknown>): Kysely<BulletinTables> => db as unknown as Kysely<BulletinTables>
