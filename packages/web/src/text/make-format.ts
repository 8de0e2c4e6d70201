export interface Format {
  /** 12,345 */
  number(value: number): string
  /** 12 K, 3.4 M: for axes and narrow cells; the whole number stands in a title. */
  compact(value: number): string
  /** At most one decimal. */
  decimal(value: number): string
  percent(share: number): string
  /** Ratio of two means: ×1.04, ×0.97, ×24; two decimals around one, where two digits would call 1.04 and 0.996 the same. */
  ratio(value: number): string
  /** Date and minute in the reader's zone, with the zone's name. */
  instant(at: string | number | Date): string
  /** The same instant in UTC. */
  utc(at: string | number | Date): string
  day(at: string | number | Date): string
  /** How long ago, for what is watched live only. */
  ago(seconds: number): string
  duration(seconds: number): string
  list(items: readonly string[]): string
}

const units = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const

/** Numbers and times in a language (BCP 47) and a zone (IANA); pages take it from `useFormat`. */
export function makeFormat(locale: string, zone: string): Format {
  const number = new Intl.NumberFormat(locale)
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const rough = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const near_one = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  // 11/12/2026 is two different days to English readers of different countries: the month is written as a word.
  const dated = locale === 'en' ? 'en-GB' : locale
  const month = locale === 'en' ? 'short' : '2-digit'
  const clock = { year: 'numeric', month, day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const own = new Intl.DateTimeFormat(dated, { ...clock, timeZone: zone, timeZoneName: 'short' })
  const day = new Intl.DateTimeFormat(dated, { dateStyle: 'medium', timeZone: zone })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const biggest = (seconds: number) => units.find(([, size]) => Math.abs(seconds) >= size) ?? units[3]
  return {
    number: (value) => number.format(value),
    compact: (value) => compact.format(value),
    decimal: (value) => decimal.format(value),
    percent: (share) => percent.format(share),
    ratio: (value) => `×${(value >= 0.1 && value < 9.995 ? near_one : rough).format(value)}`,
    instant: (at) => own.format(new Date(at)),
    utc: (at) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    day: (at) => day.format(new Date(at)),
    ago: (seconds) => {
      const [unit, size] = biggest(seconds)
      return relative.format(-Math.floor(seconds / size), unit)
    },
    duration: (seconds) => {
      const [unit, size] = biggest(seconds)
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 }).format(seconds / size)
    },
    list: (items) => list.format(items),
  }
}
