import type { Crossed, Dismissal, Evidences, FindingKind, FindingState, Subject, Tlp } from '@hirundo/contract'
import type { Generated, JSONColumnType, Kysely } from 'kysely'
import type { PlatformTables } from '../../platform/db/tables.ts'
import type { Judged } from './model.ts'

/** Tables of findings, as `migrations/0001-findings.ts` makes them. */
export interface FindingTables {
  finding: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    kind: FindingKind
    /** SHA-256 of the subject in its one written form. */
    subject_key: Buffer
    subject: JSONColumnType<Subject>
    /** The subject's parts, for questions and mute rules. */
    victim: string | null
    source: string | null
    protocol: string | null
    port: number | null
    /** 0 record … 3 urgent: the most of its detections. */
    severity: number
    state: Generated<FindingState>
    verdict: Generated<Judged['verdict']>
    dismissal: Generated<Dismissal | null>
    /** Severity and end when people were done with it; null: they are not. −1: nothing stays quiet because of it. */
    settled_severity: Generated<number | null>
    settled_end: Generated<Date | null>
    start_at: Date
    end_at: Date
    open: boolean
    found_at: Date
    /** When it counts among those of a day; null: when it was found. */
    counted_at: Generated<Date | null>
    occurrences: Generated<number>
    packets: number
    /** The detection whose numbers it shows; null only within the transaction that makes it. */
    lead: Generated<number | null>
    economy: string | null
    asn: number | null
    as_name: string | null
    own: boolean
    simulated: boolean
    owner_id: Generated<string | null>
    tlp: Generated<Tlp>
    /** A person did something with it: it is not absorbed by another. */
    touched: Generated<boolean>
    /** The finding that holds its detections since both turned out to be one. */
    merged_into: Generated<number | null>
  }
  detection: {
    id: Generated<number>
    organisation_id: number
    finding_id: number
    kind: FindingKind
    subject_key: Buffer
    start_at: Date
    end_at: Date
    open: boolean
    severity: number
    packets: number
    max_ppm: number | null
    sources: number | null
    sensors: number | null
    figures: JSONColumnType<Readonly<Record<string, number>>>
    crossed: JSONColumnType<readonly Crossed[]>
    members: JSONColumnType<readonly string[]>
    evidence: JSONColumnType<readonly Evidences[]>
    version: number
    /** SHA-256 of all that was told: the same again changes nothing. */
    hash: Buffer
    setting_id: number
    simulated: boolean
    /** When it was given first. */
    stored_at: Date
  }
  /** Parameters that detections were made under, each set once. */
  detection_setting: { id: Generated<number>; hash: Buffer; parameters: JSONColumnType<object> }
  finding_change: {
    id: Generated<number>
    finding_id: number
    at: Date
    by: string
    what: 'state' | 'owner' | 'comment' | 'label' | 'bulletin' | 'recounted'
    from_value: string | null
    to_value: string | null
    text: string | null
  }
  finding_mute: {
    id: string
    organisation_id: number
    kind: FindingKind | null
    victim: string | null
    source: string | null
    protocol: string | null
    port: number | null
    why: string
    until_at: Date
    created_at: Date
    created_by: string
  }
  /** Records of one UTC day by the start of what they saw: how many are kept, and about how many are not. */
  finding_day: { organisation_id: number; day: number; records: number; shed: number; sketch: Buffer | null }
}

type Tables = FindingTables & Pick<PlatformTables, 'person'>

/** The same database, seen with the tables of findings and the people who own them. */
export const findingDb = (db: Kysely<unknown>): Kysely<Tables> => db as unknown as Kysely<Tables>
