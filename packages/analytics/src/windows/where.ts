import { MINUTE_S } from '@hirundo/base'
import { withoutNetworks } from '../interactions/question.ts'
import type { BlockTable } from '../model.ts'
import { timeColumn } from '../schema/tables.ts'
import type { Bindings } from '../sql.ts'
import type { WindowQuestion } from './model.ts'

/** A record of UDP is sent when a minute has passed since its begin. */
const UDP_RECORD_MS = 60_000
/** Imported logs know sessions of days: what lasts longer counts as over after an hour, so that an hour is all that is looked back. */
const HEARD_MS_MAX = 3_600_000

/** When an interaction was over and could be known, in milliseconds. */
const OVER_MS = `toUnixTimestamp64Milli(at) + least(greatest(toUInt32(duration_ms), if(transport = 1, ${UDP_RECORD_MS}, 0)), ${HEARD_MS_MAX})`

/** Start of the minute that a row belongs to, in seconds. */
export const minuteSql: Readonly<Record<BlockTable, string>> = {
  flow: 'toUInt32(minute)', backscatter: 'toUInt32(toStartOfMinute(bin))', syn_sample: 'toUInt32(toStartOfMinute(second))', sensor_minute: 'toUInt32(minute)',
  interaction: `toUInt32(intDiv(${OVER_MS}, 60000) * ${MINUTE_S})`,
}

/** Whose addresses a table names. */
export const addressColumn: Readonly<Partial<Record<BlockTable, string>>> = { flow: 'src', backscatter: 'victim', syn_sample: 'src', interaction: 'src' }

/** The range by the column that the table's order knows. */
function timeIs(b: Bindings, table: BlockTable, from: number, to: number): string[] {
  if (table !== 'interaction') return [`${timeColumn[table]} >= ${b.time(from)}`, `${timeColumn[table]} < ${b.time(to)}`]
  const [first, last] = [b.bind(from * 1000, 'Int64'), b.bind(to * 1000, 'Int64')]
  return [
    `at >= fromUnixTimestamp64Milli(${first} - ${HEARD_MS_MAX}, 'UTC')`, `at < fromUnixTimestamp64Milli(${last}, 'UTC')`,
    `${OVER_MS} >= ${first}`, `${OVER_MS} < ${last}`,
  ]
}

/** The condition for rows of a table that the question is about. */
export function within(b: Bindings, table: BlockTable, { organisation, from, to, hidden = [], below }: WindowQuestion, ...more: readonly string[]): string {
  const address = addressColumn[table]
  return [
    `organisation = ${b.bind(organisation, 'UInt32')}`, ...timeIs(b, table, from, to),
    ...(below ? [`block < ${b.bind(below[table], 'UInt64')}`] : []),
    ...(address ? withoutNetworks(b, hidden, address) : []), ...more,
  ].join(' AND ')
}
