import { join } from 'node:path'
import type { SegmentInfo } from './model.ts'

/** A segment file and what of it is durable. */
export interface Segment extends SegmentInfo {
  readonly path: string
  readonly name: string
  first: bigint
  /** `first - 1` while it holds no record. */
  last: bigint
  bytes: number
  created_ms: number
}

const shape = /^\d{20}\.segment$/

export const segmentName = (first: bigint): string => `${String(first).padStart(20, '0')}.segment`

export const isSegmentName = (name: string): boolean => shape.test(name)

export function newSegment(directory: string, first: bigint, created_ms: number): Segment {
  const name = segmentName(first)
  return { path: join(directory, name), name, first, last: first - 1n, bytes: 0, created_ms }
}

export const firstOfName = (name: string): bigint => BigInt(name.slice(0, 20))
