import type { Language } from '@hirundo/contract'
import { texts as en } from '@hirundo/contract/catalogues/report/en'
import { texts as ja } from '@hirundo/contract/catalogues/report/ja'
import { texts as ko } from '@hirundo/contract/catalogues/report/ko'
import { texts as zhHans } from '@hirundo/contract/catalogues/report/zh-hans'
import { texts as zhHant } from '@hirundo/contract/catalogues/report/zh-hant'
import { IntlMessageFormat } from 'intl-messageformat'

type Key = keyof typeof en
export type ReportKey = Key extends `report.${infer Rest}` ? Rest : never
const catalogues: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { en, ja, ko, 'zh-Hans': zhHans, 'zh-Hant': zhHant }

/** Words, numbers and dates of a report in one language. All instants are UTC. */
export interface Words {
  readonly language: Language
  say(key: ReportKey, values?: Readonly<Record<string, string | number>>): string
  /** Whole numbers, grouped. */
  count(value: number): string
  /** Means: two digits below 100, none above; `unknown` for null. */
  mean(value: number | null): string
  compact(value: number): string
  percent(share: number): string
  /** A share with its sign. */
  change(share: number): string
  day(instant: string): string
  minute(instant: string): string
  /** The months of a quarter, as its report is called. */
  months(year: number, quarter: number): string
}

/** The sentences and formats of `language` (BCP 47). */
export function wordsOf(language: Language): Words {
  const number = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(language, options)
    return (value: number) => format.format(value)
  }
  // As the pages write their dates in English: 01 Jul 2026.
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeZone: 'UTC', ...options })
  const [whole, fine, compact, percent, change] = [
    number({ maximumFractionDigits: 0 }), number({ maximumSignificantDigits: 2 }), number({ notation: 'compact', maximumFractionDigits: 1 }),
    number({ style: 'percent', maximumFractionDigits: 1 }),
    number({ style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
  ]
  const written = language === 'en' ? { month: 'short', day: '2-digit' } as const : { month: 'long', day: 'numeric' } as const
  const day = date({ year: 'numeric', ...written })
  const minute = date({ year: 'numeric', ...written, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const month = date({ month: 'long' })
  const formats = new Map<string, IntlMessageFormat>()
  const say: Words['say'] = (key, values = {}) => {
    const known = formats.get(key) ?? new IntlMessageFormat(catalogues[language][`report.${key}`], language)
    formats.set(key, known)
    return String(known.format(values))
  }
  return {
    language, say, compact, percent, change, count: whole,
    mean: (value) => (value === null ? say('unknown') : Math.abs(value) < 100 ? fine(value) : whole(value)),
    day: (instant) => day.format(Date.parse(instant)),
    minute: (instant) => minute.format(Date.parse(instant)),
    months: (year, quarter) => {
      const [first, last] = [quarter * 3 - 2, quarter * 3]
      const name = (number: number) => month.format(Date.UTC(year, number - 1, 15))
      return say('months', { year: String(year), first, last, first_name: name(first), last_name: name(last) })
    },
  }
}

/** A port as pages, questions and the command line write it, with its service: `tcp/23 (telnet)`, `icmp/8/0`, `47 (gre)`. */
export function portName(key: string, service: string | null): string {
  const name = key.replace(/\/-$/, '')
  return service === null ? name : `${name} (${service})`
}
