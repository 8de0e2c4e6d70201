import { useMemo } from 'react'
import { useReader } from '../../text/text.tsx'

const byte_units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
/** A clock that is wrong by more moves packets into another minute often enough to matter. */
const OFFSET_MS_MAX = 2000

export const isClockOff = (offset_ms: number | null): boolean => offset_ms !== null && Math.abs(offset_ms) > OFFSET_MS_MAX

export interface Amounts {
  /** Batches that wait on a sensor, and their size: 12 · 3.4 kB. What it keeps of acknowledged ones is no news. */
  spool(batches: number | null, bytes: number | null): string
  /** +120 ms, −3.2 sec */
  offset(milliseconds: number): string
}

/** Sizes and small times as the reader writes them. */
export function useAmounts(): Amounts {
  const { locale } = useReader()
  return useMemo(() => {
    const unit = (name: string, options: Intl.NumberFormatOptions = {}) => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 1, ...options })
    const size = (value: number) => {
      const power = Math.min(byte_units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3))
      return unit(byte_units[power]!).format(value / 1000 ** power)
    }
    return {
      spool: (batches, bytes) => (batches === null ? '—' : batches === 0 || bytes === null ? String(batches) : `${new Intl.NumberFormat(locale).format(batches)} · ${size(bytes)}`),
      offset: (milliseconds) => (Math.abs(milliseconds) < 1000
        ? unit('millisecond', { signDisplay: 'exceptZero' }).format(milliseconds) : unit('second', { signDisplay: 'exceptZero' }).format(milliseconds / 1000)),
    }
  }, [locale])
}
