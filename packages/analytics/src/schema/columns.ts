import type { BlockTable } from '../model.ts'

export interface ColumnDefinition {
  readonly name: string
  readonly type: string
}

/** A column that the engine itself computes when a row is inserted; it stands in no insert list and not in `*`. */
export interface MaterializedColumn extends ColumnDefinition {
  readonly expression: string
}

/** `minute DateTime, src IPv6` as columns: the text that formats' `rowStructure` gives. */
export function parseStructure(structure: string): ColumnDefinition[] {
  return structure.split(',').map((part) => {
    const [name, type] = part.trim().split(' ')
    if (!name || !type || !(type in typeBytes)) throw new Error(`not a column of a wire layout: ${part}`)
    return { name, type }
  })
}

const typeBytes: Record<string, number> = {
  UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8, Int16: 2, Int32: 4, DateTime: 4, IPv6: 16,
}

/** Bytes of one RowBinary row of these fixed-width columns. */
export const rowBytes = (columns: readonly ColumnDefinition[]): number =>
  columns.reduce((sum, column) => sum + typeBytes[column.type]!, 0)

/** Type of a stored column: `DateTime` is always UTC. */
export const storedType = (type: string): string => (type === 'DateTime' ? "DateTime('UTC')" : type)

/** Structure texts of the wire layouts (formats/row-layout.ts), which analytics must not import. */
export type Layouts = Readonly<Record<BlockTable, string>>
