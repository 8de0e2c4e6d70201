import { spaced } from '@hirundo/base'

export interface Format {
  /** 12,345 */
  number(value: number): string
  /** 12 K, 3.4 M: for axes and narrow cells; the whole number stands in a title. */
  compact(value: number): string
  /** At most one decimal. */
  decimal(value: number): string
  /** For one column of figures: all with one decimal, or all without (whole numbers, or the largest has four digits), so that their digits stand below each other. */
  column(values: readonly (number | null)[]): (value: number) => string
  /** Three significant digits, for thresholds and small figures: 0.98, 3.41. */
  significant(value: number): string
  percent(share: number): string
  /** Ratio of two means: ×1.04, ×0.97, ×24; two decimals around one, where two digits would call 1.04 and 0.996 the same. */
  ratio(value: number): string
  /** Date and minute in the reader's zone, with the zone's name. */
  instant(at: string | number | Date): string
  /** The same to the second, for what is told apart by seconds. */
  second(at: string | number | Date): string
  /** Hour and minute in a zone, with its name: `14:32 JST`; in the reader's when none is given. */
  clock(at: string | number | Date, of?: string): string
  /** Hour and minute in the reader's zone, for a column whose zone is said. */
  minute(at: string | number | Date): string
  /** The same instant in UTC, to the minute or the second. */
  utc(at: string | number | Date, seconds?: boolean): string
  day(at: string | number | Date): string
  /** How long ago, for what is watched live only. */
  ago(seconds: number): string
  duration(seconds: number): string
  list(items: readonly string[]): string
}

const units = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const

/** A zone's name as the language calls it, as JST or GMT+9. `Intl` puts it before the time, or into brackets, in Chinese. */
function zoneName(locale: string, zone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat(locale, { hour: 'numeric', timeZone: zone, timeZoneName: 'short' })
  return (at) => format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? zone
}

const clockShape = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** Numbers and times in a language (BCP 47) and a zone (IANA); pages take it from `useFormat`. */
export function makeFormat(locale: string, zone: string): Format {
  const number = new Intl.NumberFormat(locale)
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const rough = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const three = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  const near_one = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  // 11/12/2026 is two different days to English readers of different countries: the month is written as a word.
  const dated = locale === 'en' ? 'en-GB' : locale
  const numeric = { year: 'numeric', month: locale === 'en' ? 'short' : '2-digit', day: '2-digit' } as const
  const dateTime = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(dated, { timeZone: zone, ...options })
  const [own, own_second] = [dateTime({ ...numeric, ...clockShape }), dateTime({ ...numeric, ...clockShape, second: '2-digit' })]
  const name = zoneName(dated, zone)
  const minute = dateTime(clockShape)
  // Between day and hour stands an en space in traditional Chinese.
  const whole = (format: Intl.DateTimeFormat, at: string | number | Date) => `${format.format(new Date(at)).replace(/\s/g, ' ')} ${name(new Date(at))}`
  // A Korean date in figures ends with a full stop, which reads as the end of its sentence.
  const day = dateTime(locale === 'ko' ? { dateStyle: 'long' } : numeric)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const biggest = (seconds: number) => units.find(([, size]) => Math.abs(seconds) >= size) ?? units[3]
  // Nobody times by tenths of a minute; a tenth of an hour is six minutes.
  const decimals = (size: number) => (size < 3600 ? 0 : 1)
  /** As `biggest`, where what rounds to 60 minutes is an hour. */
  const biggestRounded = (seconds: number) => units.find(([, size], i) => {
    const finer = units[i + 1]?.[1] ?? 1
    const step = finer / 10 ** decimals(finer)
    return Math.round(Math.abs(seconds) / step) * step >= size
  }) ?? units[3]
  return {
    number: (value) => number.format(value),
    compact: (value) => compact.format(value),
    decimal: (value) => decimal.format(value),
    column: (values) => (values.some((value) => Math.abs(value ?? 0) >= 999.5) || values.every((value) => Number.isInteger(value ?? 0)) ? (value) => number.format(Math.round(value)) : (value) => tenths.format(value)),
    significant: (value) => three.format(value),
    percent: (share) => percent.format(share),
    ratio: (value) => `×${(value >= 0.1 && value < 9.995 ? near_one : rough).format(value)}`,
    instant: (at) => whole(own, at),
    second: (at) => whole(own_second, at),
    clock: (at, of = zone) => of === zone ? `${minute.format(new Date(at))} ${name(new Date(at))}` : `${new Intl.DateTimeFormat(dated, { ...clockShape, timeZone: of }).format(new Date(at))} ${zoneName(dated, of)(new Date(at))}`,
    minute: (at) => minute.format(new Date(at)),
    utc: (at, seconds = false) => `${new Date(at).toISOString().slice(0, seconds ? 19 : 16).replace('T', ' ')} UTC`,
    day: (at) => day.format(new Date(at)),
    ago: (seconds) => {
      const [unit, size] = biggest(seconds)
      return spaced(relative.format(-Math.floor(seconds / size), unit), locale)
    },
    duration: (seconds) => {
      const [unit, size] = biggestRounded(seconds)
      const maximumFractionDigits = decimals(size)
      return spaced(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits }).format(seconds / size), locale)
    },
    list: (items) => list.format(items),
  }
}
