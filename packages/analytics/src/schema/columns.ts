import type { BlockTable } from '../model.ts'

export interface ColumnDefinition {
  readonly name: string
  readonly type: string
}

/** A column that the engine itself computes when a row is inserted; it stands in no insert list and not in `*`. */
export interface MaterializedColumn extends ColumnDefinition {
  readonly expression: string
}

/** `minute DateTime, src IPv6` as columns: the text that formats' `rowStructure` and `interactionStructure` give. */
export function parseStructure(structure: string): ColumnDefinition[] {
  return structure.split(COMMA_BETWEEN_COLUMNS).map((part) => {
    const [, name, type] = /^(\w+) (.+)$/.exec(part.trim()) ?? []
    if (!name || !type || !(type in typeBytes || variableTypes.has(type))) throw new Error(`not a column of a wire layout: ${part}`)
    return { name, type }
  })
}

/** Not one within the parentheses of a type. */
const COMMA_BETWEEN_COLUMNS = /,(?![^(]*\))/

const typeBytes: Record<string, number> = {
  UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8, Int16: 2, Int32: 4, DateTime: 4, 'DateTime64(3)': 8, IPv6: 16,
}
const variableTypes = new Set(['String', 'Array(String)', 'Map(String, String)', 'Array(Tuple(user String, password String))'])

/** Bytes of one RowBinary row; undefined: rows of these columns differ in length, and each has its length before it. */
export const rowBytes = (columns: readonly ColumnDefinition[]): number | undefined =>
  columns.reduce<number | undefined>((sum, { type }) => (sum === undefined || variableTypes.has(type) ? undefined : sum + typeBytes[type]!), 0)

/** Type of a stored column: times are always UTC. */
export const storedType = (type: string): string =>
  type === 'DateTime' ? "DateTime('UTC')" : type === 'DateTime64(3)' ? "DateTime64(3, 'UTC')" : type

/** Structure texts of the wire layouts (formats/row-layout.ts, formats/interaction/codec.ts), which analytics must not import. */
export type Layouts = Readonly<Record<BlockTable, string>>
