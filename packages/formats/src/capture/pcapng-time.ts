/** How an interface's 64-bit times become seconds and µs (if_tsresol, if_tsoffset). */
export interface TimeScale {
  /** Units per second; above `EXACT_UNITS_MAX` only `units_big` is used. */
  readonly units: number
  readonly units_big: bigint
  readonly offset_s: number
}

export const microseconds: TimeScale = { units: 1e6, units_big: 1_000_000n, offset_s: 0 }

/** Remainder × 2¹⁶ must stay below 2⁵³. */
const EXACT_UNITS_MAX = 2 ** 37

/** `resolution`: the byte of if_tsresol. */
export function timeScale(resolution: number, offset_s: number): TimeScale {
  const units_big = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f)
  return { units: Number(units_big), units_big, offset_s }
}

/** Seconds and µs of the last time split: fields, so that no object is made per packet. */
export class TimeSplitter {
  second = 0
  micro = 0

  split(scale: TimeScale, high: number, low: number): void {
    const { units } = scale
    if (units > EXACT_UNITS_MAX) {
      const time = (BigInt(high) << 32n) | BigInt(low)
      this.second = Number(time / scale.units_big) + scale.offset_s
      this.micro = Number(((time % scale.units_big) * 1_000_000n) / scale.units_big)
      return
    }
    // Long division in digits of 16 bits: exact without BigInt.
    const first = Math.floor(high / units)
    const upper = (high - first * units) * 65536 + (low >>> 16)
    const second = Math.floor(upper / units)
    const lower = (upper - second * units) * 65536 + (low & 0xffff)
    const third = Math.floor(lower / units)
    this.second = (first * 65536 + second) * 65536 + third + scale.offset_s
    this.micro = Math.floor(((lower - third * units) * 1e6) / units)
  }
}
