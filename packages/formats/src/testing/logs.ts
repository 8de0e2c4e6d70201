import { readFileSync } from 'node:fs'
import { logReader } from '../events/readers.ts'
import type { LineOutcome, LoggedPackets, LogKind, LogOptions } from '../events/model.ts'
import type { Interaction } from '../interaction/model.ts'

export const logOptions: LogOptions = { own: [], zone_s: 0, first_year: undefined }

export interface ReadLog {
  readonly outcomes: LineOutcome[]
  readonly interactions: Interaction[]
  readonly packets: LoggedPackets[]
}

/** What a reader makes of lines. */
export function readLog(kind: LogKind, lines: readonly string[], options: Partial<LogOptions> = {}): ReadLog {
  const interactions: Interaction[] = []
  const packets: LoggedPackets[] = []
  const reader = logReader(kind, { ...logOptions, ...options }, {
    interaction: (one) => void interactions.push(one), packets: (one) => void packets.push(one),
  })
  const outcomes = lines.map((line) => reader.take(line))
  reader.finish()
  return { outcomes, interactions, packets }
}

/** The lines of a sample in conformance/logs. */
export const sampleLines = (name: string): string[] =>
  readFileSync(new URL(`../../../../conformance/logs/${name}`, import.meta.url), 'utf8').trimEnd().split('\n')
