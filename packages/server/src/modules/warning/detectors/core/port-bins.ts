import type { PortKey } from './port-key.ts'

/** What came to one port in a bin, without known research scanners. */
export interface PortCounts {
  /** Class scan only. */
  readonly packets: number
  /** Distinct source addresses: exact while the bin's pairs of port and source fit the memory bound, else an estimate. */
  readonly sources: number
  /** Distinct sensors that saw any. */
  readonly sensors: number
  /** Largest share of one source and of one sensor in `packets`, 0 … 1: one machine alone is no outbreak. */
  readonly source_share_max: number
  readonly sensor_share_max: number
}

/** A closed stretch of time, all ports. */
export interface PortBin {
  /** Seconds since 1970, a multiple of `step_s`. */
  readonly start: number
  /** 600 or 86,400. */
  readonly step_s: number
  /** Sensor-seconds watched ÷ `step_s`: the divisor of a mean per sensor. 0: nobody watched, a hole and no zero. */
  readonly sensor_equivalents: number
  /** Distinct sensors that watched at all. */
  readonly sensors: number
  /** False: the counts of sources are estimates, because there were more than memory takes. */
  readonly exact: boolean
  /** Ports that anything came to. */
  readonly ports: ReadonlyMap<PortKey, PortCounts>
  /** Sources of one port in this bin, by address number, bounded; for detectors that look at who they are. */
  readonly sourcesOf: (port: PortKey, limit: number) => readonly number[]
}
