import { languages, seriesDimensions, topDimensions } from '@hirundo/contract'
import { bases, limits as compareLimits, orders } from '../observe/compare/compare-state.ts'
import { measures as economyMeasures } from '../observe/economies/measure.ts'
import { measures, stepsAll } from '../observe/explore/explore-state.ts'
import { lengths, readAsking } from '../observe/question/question.ts'
import { LIMIT_DEFAULT, limits } from '../observe/top/limits.ts'
import { quarterKey, quartersUntil, readQuarter } from '../report/quarters.ts'
import { listOf } from './search-params.ts'

/** One word of an address that a page passes over. */
export interface NotUnderstood {
  /** As it stands there: `quarter=2026-Q9`. */
  readonly said: string
  /** What is shown instead, in the same form; undefined: as if it were not there. */
  readonly shown: string | undefined
}

interface Word {
  readonly fits: (text: string, search: Search) => boolean
  readonly shown?: (search: Search, now_ms: number) => string
}
type Words = Readonly<Record<string, Word>>
type Search = Readonly<Record<string, unknown>>

const SAID_MAX = 5
const CHARACTERS_MAX = 60

const any: Word = { fits: () => true }
const among = (all: readonly (string | number)[], shown?: string): Word => ({ fits: (text) => all.map(String).includes(text), ...(shown === undefined ? {} : { shown: () => shown }) })

/** Both ends of a period, the earlier first, or neither is taken. */
const bound = (from: string, to: string, shown?: Word['shown']): Words => {
  const fits = (_: string, search: Search): boolean => {
    const [begin, end] = [from, to].map((name) => Date.parse(listOf(search[name])[0] ?? ''))
    return begin! < end!
  }
  const word = { fits, ...(shown === undefined ? {} : { shown }) }
  return { [from]: word, [to]: word }
}

const question: Words = {
  last: among(Object.keys(lengths), 'last=24h'),
  ...bound('from', 'to', (search, now_ms) => `last=${readAsking(search, Math.floor(now_ms / 1000)).last}`),
  sensor: any,
  research: among(['include', 'exclude', 'only'], 'research=include'),
}

/** What each page takes; a page that is not here says for itself what it does not know. */
const pages: readonly (readonly [RegExp, Words])[] = [
  [/^\/observe$/, {}],
  [/^\/observe\/explore$/, {
    ...question, dimension: among(seriesDimensions, 'dimension=total'),
    // Without a dimension nobody can say what a key names.
    key: { fits: (_, search) => (seriesDimensions as readonly unknown[]).includes(listOf(search['dimension'])[0]) },
    step: among(stepsAll), scale: among(['linear', 'log'], 'scale=linear'), measure: among(measures, 'measure=packets_per_sensor'),
  }],
  [/^\/observe\/compare$/, {
    ...question, dimension: among(topDimensions, 'dimension=ports'), base: among(bases.filter((base) => base !== 'custom'), 'base=previous'),
    ...bound('base_from', 'base_to', () => 'base=previous'), limit: among(compareLimits, 'limit=20'), order: among(orders, 'order=size'),
  }],
  [/^\/observe\/top\/[a-z]+$/, { ...question, limit: among(limits, `limit=${LIMIT_DEFAULT}`) }],
  [/^\/observe\/ports\//, question],
  [/^\/observe\/sources\//, { ...question, piece: any }],
  [/^\/observe\/economies$/, { ...question, measure: among(economyMeasures, 'measure=packets') }],
  [/^\/observe\/sensors$/, { ...question, show: any, new: any }],
  [/^\/measure\/report$/, {
    quarter: { fits: (text) => readQuarter(text) !== undefined, shown: (_, now_ms) => `quarter=${quarterKey(quartersUntil(new Date(now_ms))[1]!)}` },
    language: among(languages),
  }],
]

/** Words of an address that its page passes over: unknown names, and values that are none. At most a few. */
export function notUnderstood(path: string, search: Search, now_ms: number): NotUnderstood[] {
  const words = pages.find(([pattern]) => pattern.test(path))?.[1]
  if (words === undefined) return []
  return Object.keys(search).flatMap((name) => {
    const texts = listOf(search[name])
    const word = Object.hasOwn(words, name) ? words[name] : undefined
    if (word && texts.every((text) => word.fits(text, search))) return []
    return [{ said: `${name}=${texts.join(' ')}`.slice(0, CHARACTERS_MAX), shown: word?.shown?.(search, now_ms) }]
  }).slice(0, SAID_MAX)
}
