import type { BlockTable, Research, TimeRange } from '../model.ts'

/** Numbers of blocks by table; below 2⁵³ (projector/draft.ts). */
export type BlockBounds = Readonly<Record<BlockTable, bigint>>

/** Whole minutes of one organisation; `to` exclusive. */
export interface WindowQuestion extends TimeRange {
  readonly organisation: number
  /** Networks whose addresses are left out as sources and victims, as CIDR: our own decoys. */
  readonly hidden?: readonly string[]
  /** Only rows of blocks with lower numbers: the same question is then answered alike, whatever came since. */
  readonly below?: BlockBounds
}

/** Rows that lie in one minute, by table, and whose. */
export interface MinuteCounts extends Readonly<Record<BlockTable, number>> {
  readonly minute: number
  /** Sensors that say they watched in it. */
  readonly sensors: readonly number[]
}

/** One of several like parts of a question's rows, cut by source: a minute may be larger than one answer. */
export interface Part {
  readonly index: number
  readonly of: number
}

/** Tables whose rows are given as RowBinary. */
export type WindowTable = Exclude<BlockTable, 'interaction'>

/** Where the columns of a row lie. */
export interface WindowLayout {
  readonly row_bytes: number
  readonly offset: Readonly<Record<string, number>>
}

/** An interaction without its samples. */
export interface HeardRow {
  readonly at_ms: number
  /** Start of the minute that it belongs to: the one in which it was over. */
  readonly minute: number
  readonly sensor: number
  readonly source: string
  readonly src_port: number
  readonly dst_port: number
  readonly transport: 'tcp' | 'udp'
  readonly handshake: 'none' | 'completed' | 'dialogue'
  readonly protocol: string
  readonly requests: number
  readonly bytes_in: number
  readonly bytes_out: number
  /** Lower-case hexadecimal; empty: nothing came. */
  readonly payload_sha256: string
  readonly ja4: string
  /** `user\npassword`. */
  readonly credentials: readonly string[]
  readonly urls: readonly string[]
  readonly research: boolean
  /** Two letters; empty: not known. */
  readonly economy: string
  readonly asn: number
}

/** What all packets of a source together look like. */
export interface Alike {
  /** Tools with a fingerprint in any of them, exactly these. */
  readonly tools: readonly ('mirai' | 'zmap' | 'masscan')[]
  /** TTL that the highest began with: 32, 64, 128 or 255; null: none is known. */
  readonly ttl: number | null
  /** Highest window of the first SYN of a flow; undefined: any. */
  readonly window?: number
}

/** What stored evidence is asked again by (contract/warning-shapes.ts, EvidenceQuery). */
export interface RecountQuestion extends TimeRange {
  readonly of: 'flows' | 'scans' | 'backscatter' | 'requests' | 'interactions'
  readonly organisation: number
  /** Of `requests` the victim is who the requests say they come from. */
  readonly source?: string
  readonly victim?: string
  /** IP protocol by name or number; of requests and interactions `tcp`, `udp`, or what was spoken (`ntp`). */
  readonly protocol?: string
  /** Of ICMP: type × 256 + code. */
  readonly port?: number
  /** Of `scans`: only sources that look so. */
  readonly alike?: Alike
  readonly research: Research
  readonly hidden?: readonly string[]
  readonly below?: BlockBounds
}

export interface Recounted {
  /** Of `requests` requests, of `interactions` interactions. */
  readonly packets: number
  /** Exact; null: of backscatter they are not known. */
  readonly sources: number | null
  readonly sensors: number
  /** Packets of the densest minute; of backscatter in a window that slides by 10 s. Null: not asked of these. */
  readonly max_ppm: number | null
}

/** A question about a victim, whose answers and requests in whose name are no flows of their own. */
export interface VictimQuestion extends RecountQuestion {
  readonly of: 'backscatter' | 'requests' | 'interactions'
}

export interface VictimPoint {
  /** Second at which the bin begins. */
  readonly at: number
  /** Of `requests` requests, of `interactions` interactions. */
  readonly packets: number
}

/** Raw rows, minute by minute, for those who look at all of them; and counts of them to check what was concluded. */
export interface Windows {
  /** Minutes that hold any row, in order. A day of minutes at most at a time. */
  counts(question: WindowQuestion): Promise<readonly MinuteCounts[]>
  /**
   * Rows in the layout of `windowLayouts`, in order of time; the order does not depend on when they came. Problem:
   * `query/too-wide` when they are more than one answer holds: ask for fewer minutes, or for a part.
   */
  rows(table: WindowTable, question: WindowQuestion, part?: Part): Promise<Uint8Array>
  /** Interactions that were over in these minutes; bounded by `limit`, the earliest first. */
  heard(question: WindowQuestion, limit: number): Promise<readonly HeardRow[]>
  /** The earliest minute of rows whose blocks have these numbers or higher ones; null: there are none. */
  earliest(question: WindowQuestion, since: BlockBounds): Promise<number | null>
  /** The first minute of any raw row of the organisation in the range; null: there is none. */
  first(question: WindowQuestion): Promise<number | null>
  recount(question: RecountQuestion): Promise<Recounted>
  /** The same question in bins of `step` seconds; those without anything are left out. */
  victimSeries(question: VictimQuestion, step: number): Promise<readonly VictimPoint[]>
}
