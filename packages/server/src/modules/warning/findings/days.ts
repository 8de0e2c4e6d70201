import { createHash } from 'node:crypto'
import { DAY_S } from '@hirundo/base'
import type { Kysely } from 'kysely'
import { findingDb } from '../tables.ts'
import { eventId, type KeptDetection } from './detection-row.ts'

/** Record detections of one organisation and UTC day that are kept; what is beyond is only counted. Alarms always are. */
export const findings_records_per_day_max = 10_000

const REGISTERS = 2048
/** Flajolet et al. 2007, for m ≥ 128: the mean is off by 1.04 ÷ √m, here 2.3 %. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)

/**
 * About how many different texts were added: HyperLogLog, so that what a replay sheds again is not counted again. Few are
 * counted by the registers that are still empty (linear counting).
 */
export class DistinctCount {
  readonly registers: Buffer

  constructor(registers?: Buffer | null) {
    this.registers = registers?.length === REGISTERS ? Buffer.from(registers) : Buffer.alloc(REGISTERS)
  }

  add(text: string): void {
    const hash = createHash('sha256').update(text).digest()
    const at = hash.readUInt16BE(0) % REGISTERS
    const rank = Math.clz32(hash.readUInt32BE(2)) + 1
    if (rank > this.registers[at]!) this.registers[at] = rank
  }

  get estimate(): number {
    const sum = this.registers.reduce((sum, rank) => sum + 2 ** -rank, 0)
    const raw = (ALPHA * REGISTERS ** 2) / sum
    const empty = this.registers.filter((rank) => rank === 0).length
    return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw)
  }
}

interface Day {
  records: number
  readonly sketch: DistinctCount
  changed: boolean
}

const dayOf = ({ start }: Pick<KeptDetection, 'start'>): number => Math.floor(start / DAY_S)

/** The days of some detections, and how much room for records each has. */
export class RecordDays {
  readonly #days: Map<number, Day>
  readonly #max: number
  #shed = 0

  private constructor(days: Map<number, Day>, max: number) {
    this.#days = days
    this.#max = max
  }

  static async read(t: Kysely<unknown>, organisation_id: number, detections: readonly KeptDetection[], max: number): Promise<RecordDays> {
    const days = [...new Set(detections.map(dayOf))]
    const rows = days.length === 0 ? [] : await findingDb(t).selectFrom('finding_day').selectAll().where('organisation_id', '=', organisation_id).where('day', 'in', days).execute()
    const known = new Map(rows.map((row) => [row.day, row]))
    return new RecordDays(new Map(days.map((day) => [day, { records: known.get(day)?.records ?? 0, sketch: new DistinctCount(known.get(day)?.sketch), changed: false }])), max)
  }

  /** Whether a record that is not kept yet may be; else it is counted as shed. */
  admits(detection: KeptDetection): boolean {
    const day = this.#days.get(dayOf(detection))!
    day.changed = true
    if (day.records < this.#max) {
      day.records++
      return true
    }
    this.#shed++
    day.sketch.add(eventId(detection))
    return false
  }

  /** Of those asked for, each as often as it was given. */
  get shed(): number {
    return this.#shed
  }

  async write(t: Kysely<unknown>, organisation_id: number): Promise<void> {
    for (const [day, { records, sketch, changed }] of this.#days) {
      if (!changed) continue
      const shed = sketch.estimate
      const row = { records, shed, sketch: shed === 0 ? null : sketch.registers }
      await findingDb(t).insertInto('finding_day').values({ organisation_id, day, ...row })
        .onConflict((conflict) => conflict.columns(['organisation_id', 'day']).doUpdateSet(row)).execute()
    }
  }
}
