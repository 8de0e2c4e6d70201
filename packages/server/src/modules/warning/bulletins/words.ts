import type { FindingKind, Language, Severity } from '@hirundo/contract'
import { texts as en } from '@hirundo/contract/catalogues/bulletin/en'
import { texts as ja } from '@hirundo/contract/catalogues/bulletin/ja'
import { texts as ko } from '@hirundo/contract/catalogues/bulletin/ko'
import { texts as zhHans } from '@hirundo/contract/catalogues/bulletin/zh-hans'
import { texts as zhHant } from '@hirundo/contract/catalogues/bulletin/zh-hant'
import { texts as warnEn } from '@hirundo/contract/catalogues/warn/en'
import { texts as warnJa } from '@hirundo/contract/catalogues/warn/ja'
import { texts as warnKo } from '@hirundo/contract/catalogues/warn/ko'
import { texts as warnZhHans } from '@hirundo/contract/catalogues/warn/zh-hans'
import { texts as warnZhHant } from '@hirundo/contract/catalogues/warn/zh-hant'
import { IntlMessageFormat } from 'intl-messageformat'

type Texts = Readonly<Record<string, string>>
type Key = keyof typeof en
export type BulletinKey = Key extends `bulletin.${infer Rest}` ? Rest : never
export type Values = Readonly<Record<string, string | number>>

/** Bulletins have words of their own; kinds, urgencies and figures are called as the pages call them. */
const catalogues: Readonly<Record<Language, Texts>> = {
  en: { ...warnEn, ...en }, ja: { ...warnJa, ...ja }, ko: { ...warnKo, ...ko }, 'zh-Hans': { ...warnZhHans, ...zhHans }, 'zh-Hant': { ...warnZhHant, ...zhHant },
}

/** Sentences, numbers and times of bulletins and notices in one language. All instants are UTC. */
export interface Words {
  readonly language: Language
  say(key: BulletinKey, values?: Values): string
  /** Whole numbers, grouped. */
  count(value: number): string
  percent(share: number): string
  /** An instant with its zone. */
  at(instant: string | number): string
  span(from: string | number, to: string | number): string
  kind(kind: FindingKind): string
  severity(severity: Severity): string
  /** What a figure is called; a name of a newer version as it is. */
  figure(name: string): string
  /** A figure's value in the unit that its name ends in. */
  value(name: string, value: number): string
  /** Sentences that follow each other; empty ones are left out. */
  sentences(parts: readonly string[]): string
  /** Parts of a place or of a count, side by side. */
  list(parts: readonly string[]): string
}

/** Chinese and Japanese write no space between sentences, and their own comma. */
const isCjk = (language: Language) => /^(ja|zh)/.test(language)

function durationOf(language: Language): (seconds: number) => string {
  const [day, hour, minute, second] = (['day', 'hour', 'minute', 'second'] as const).map((unit) => {
    const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
    return (value: number) => (value > 0 ? [format.format(value)] : [])
  }) as [Piece, Piece, Piece, Piece]
  const spaced = (parts: string[]) => (['ja', 'zh-Hans'].includes(language) ? parts.join('').replaceAll(' ', '') : parts.join(' '))
  return (seconds) => {
    const whole = Math.max(1, Math.round(seconds))
    if (whole < 60) return spaced(second(whole))
    // Rounded and not cut, as on the pages: 3,581 s are an hour in both.
    const minutes = Math.round(whole / 60)
    if (minutes < 1440) return spaced([...hour(Math.floor(minutes / 60)), ...minute(minutes % 60)])
    const hours = Math.round(whole / 3600)
    return spaced([...day(Math.floor(hours / 24)), ...hour(hours % 24)])
  }
}
type Piece = (value: number) => string[]

const shares = ['destination_share', 'seen_probability', 'infected_share', 'share_of_region']

/** Units by what names end in: the names are part of the interface and say theirs. */
function valueOf(language: Language, text: (key: string, values: Values) => string): Words['value'] {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const fine = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 3 })
  const duration = durationOf(language)
  const number = (value: number) => (Math.abs(value) >= 100 || Number.isInteger(value) ? whole : fine).format(value)
  const days = new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'long', maximumFractionDigits: 0 })
  // An estimate of nine digits would claim what nobody knows.
  const rate = (name: string, value: number) => (name.startsWith('estimated_') ? fine.format(value) : number(value))
  return (name, value) => {
    if (shares.includes(name)) return percent.format(value)
    if (name.endsWith('_pps')) return text('warn.unit_per_second', { n: rate(name, value) })
    if (name.endsWith('_ppm')) return text('warn.unit_per_minute', { n: rate(name, value) })
    if (name.endsWith('_per_hour')) return text('warn.unit_per_hour', { n: number(value) })
    if (name.endsWith('_s')) return duration(value)
    if (name === 'bytes') return text('warn.unit_bytes', { n: whole.format(value) })
    return ['days_known', 'days_silent', 'new_after_days'].includes(name) ? days.format(value) : number(value)
  }
}

function makeWords(language: Language): Words {
  const texts = catalogues[language]
  const formats = new Map<string, IntlMessageFormat>()
  const text = (key: string, values: Values = {}): string => {
    // Values hold what strangers wrote: a message has no tags, so that `<` stays a sign.
    const known = formats.get(key) ?? new IntlMessageFormat(texts[key]!, language, undefined, { ignoreTag: true })
    formats.set(key, known)
    return String(known.format(values))
  }
  const count = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 })
  // As the pages write their dates in English: 01 Jul 2026.
  const date = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone: 'UTC', year: 'numeric', ...(language === 'en' ? { month: 'short', day: '2-digit' } : { month: 'long', day: 'numeric' }), hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  })
  const minute = (instant: string | number) => date.format(typeof instant === 'number' ? instant : Date.parse(instant))
  const say: Words['say'] = (key, values) => text(`bulletin.${key}`, values)
  return {
    language, say, count: (value) => count.format(value), percent: (share) => percent.format(share),
    at: (instant) => say('utc', { at: minute(instant) }),
    span: (from, to) => say('utc', { at: say('from_to', { from: minute(from), to: minute(to) }) }),
    kind: (kind) => text(`warn.kind_${kind.replaceAll('-', '_')}`),
    severity: (severity) => text(`warn.severity_${severity}`),
    figure: (name) => (Object.hasOwn(texts, `warn.figure.${name}`) ? text(`warn.figure.${name}`) : name),
    value: valueOf(language, text),
    sentences: (parts) => parts.filter((part) => part !== '').join(isCjk(language) ? '' : ' '),
    list: (parts) => parts.filter((part) => part !== '').join(language === 'ja' ? '、' : isCjk(language) ? '，' : ', '),
  }
}

const made = new Map<Language, Words>()

/** The words of `language`; made once. */
export function wordsOf(language: Language): Words {
  const known = made.get(language) ?? makeWords(language)
  made.set(language, known)
  return known
}
