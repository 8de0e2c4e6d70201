import { formatMillis } from '@hirundo/base'
import type { Crossed, Evidences, FigureName } from '@hirundo/contract'
import { portSubject, type PortKey } from '../core/port-key.ts'

/** Sensors that must have seen it: so many, or of a few sensors a third of those that watched; one alone is enough only where no other is. */
export const sensorsNeeded = (wanted: number, watching: number): number => Math.min(wanted, Math.max(1, Math.ceil(watching / 3)))

export const atLeast = (figure: FigureName, value: number, threshold: number): Crossed => ({ figure, value, threshold, rule: 'at_least' })

/** Whole numbers are kept, others get three significant digits: a reader compares, and the same run gives the same text. */
export const short = (value: number): number => (Number.isInteger(value) || !Number.isFinite(value) ? value : Number(value.toPrecision(3)))

/** The question that gives back what came to a port between two seconds; `port` null: to all. */
export function scansOf(
  port: PortKey | null, from: number, to: number, { packets, sources, sensors }: { readonly packets: number; readonly sources: number | null; readonly sensors: number | null },
): Evidences {
  return {
    query: { of: 'scans', from: formatMillis(from * 1000), to: formatMillis(to * 1000), ...(port === null ? {} : portSubject(port)), research: 'exclude' },
    packets, sources, sensors,
  }
}
