import { ABSENT } from '../row-layout.ts'

/**
 * Whether `count` of `packets` is a common value by CAIDA's FlowTuple v4 rule: a share of all for 1–4 packets, half
 * for 5–6, 0.33 for 7–14, 0.2 for 15 and more.
 */
export function isCommon(count: number, packets: number): boolean {
  if (packets < 5) return count === packets
  if (packets < 7) return count * 2 >= packets
  if (packets < 15) return count * 100 >= packets * 33
  return count * 5 >= packets
}

/** The most frequent value if it is common, else ABSENT. */
export const commonValue = (value: number, count: number, packets: number): number =>
  isCommon(count, packets) ? value : ABSENT
