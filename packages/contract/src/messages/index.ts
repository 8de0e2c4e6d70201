import { problems, type ProblemCode } from '@hirundo/base'
import { reasonsEn, statusEn, type ReasonKey, type StatusKey } from './en.ts'
import { ja } from './ja.ts'
import { ko } from './ko.ts'
import { zhHans } from './zh-hans.ts'
import { zhHant } from './zh-hant.ts'

/** BCP 47 tags of the languages that every text exists in. */
export const languages = ['en', 'ja', 'ko', 'zh-Hans', 'zh-Hant'] as const
export type Language = (typeof languages)[number]

export type MessageKey = `problem.${ProblemCode}` | StatusKey | ReasonKey
export type Catalogue = Readonly<Record<MessageKey, string>>

const english: Catalogue = {
  ...statusEn, ...reasonsEn,
  ...(Object.fromEntries(Object.entries(problems).map(([code, { title }]) => [`problem.${code}`, title])) as Record<`problem.${ProblemCode}`, string>),
}

export const catalogues: Readonly<Record<Language, Catalogue>> = { en: english, ja, ko, 'zh-Hans': zhHans, 'zh-Hant': zhHant }

export const isMessageKey = (text: string): text is MessageKey => Object.hasOwn(english, text)

/** The text of `key`, with `{name}` replaced from `values`. */
export function message(language: Language, key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  return catalogues[language][key].replace(/\{([a-z_]+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** Which of our languages a BCP 47 tag means: Chinese goes by script, else by region (BCP 47 `zh-TW` is Traditional). */
function ours(tag: string): Language | undefined {
  const [primary, ...rest] = tag.toLowerCase().split('-')
  if (primary === 'zh') return rest.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part)) && !rest.includes('hans') ? 'zh-Hant' : 'zh-Hans'
  return languages.find((language) => language === primary)
}

const ranges_max = 20

/** The reader's language by an Accept-Language header (RFC 9110 section 12.5.4); English when none of ours is asked for. */
export function negotiateLanguage(header: string | undefined): Language {
  const wanted = (header ?? '').slice(0, 500).split(',').slice(0, ranges_max).map((part, order) => {
    const [tag = '', ...parameters] = part.trim().split(/\s*;\s*/)
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    return { language: ours(tag), weight: q === undefined ? 1 : Number(q.slice(2)), order }
  })
  const best = wanted.filter(({ language, weight }) => language && weight > 0)
    .toSorted((a, b) => b.weight - a.weight || a.order - b.order)[0]
  return best?.language ?? 'en'
}
