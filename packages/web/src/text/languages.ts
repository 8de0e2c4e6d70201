import type { Language } from '@hirundo/contract'
import type { WebTexts } from '@hirundo/contract/catalogues/web/en'

/** What the reader may choose; each calls itself by its own name, which no other language translates. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English', ja: '日本語', ko: '한국어', 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文',
}

/** Stretches every message by 40 % and marks its ends: what stays unmarked on a page is in no catalogue. For tests. */
export const PSEUDO = 'x-pseudo'
export type PageLanguage = Language | typeof PSEUDO

const load: Readonly<Record<Language, () => Promise<{ readonly texts: WebTexts }>>> = {
  en: () => import('@hirundo/contract/catalogues/web/en'),
  ja: () => import('@hirundo/contract/catalogues/web/ja'),
  ko: () => import('@hirundo/contract/catalogues/web/ko'),
  'zh-Hans': () => import('@hirundo/contract/catalogues/web/zh-hans'),
  'zh-Hant': () => import('@hirundo/contract/catalogues/web/zh-hant'),
}

const GROWTH = 0.4
const word_letters = 6
/** A sentence grows by words, as a translation does; one word grows as one word. */
function stretched(message: string): string {
  const more = '~'.repeat(Math.ceil(message.replace(/\{[^{}]*\}/g, '').length * GROWTH))
  return `⟦${message}${/\s/.test(message) ? more.replace(new RegExp(`~{1,${word_letters}}`, 'g'), ' $&') : more}⟧`
}

export interface Nested { readonly [key: string]: string | Nested }

/** `a.b` becomes `{ a: { b } }`, as use-intl wants it. */
function nested(flat: Readonly<Record<string, string>>): Nested {
  const root: Record<string, unknown> = {}
  for (const [key, text] of Object.entries(flat)) {
    const path = key.split('.')
    let at = root
    for (const name of path.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>
    at[path.at(-1)!] = text
  }
  return root as Nested
}

/** The messages of a language; only those of the one in use are fetched. */
export async function loadMessages(language: PageLanguage): Promise<Nested> {
  const { texts } = await load[language === PSEUDO ? 'en' : language]()
  return nested(language === PSEUDO ? Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, stretched(text)])) : texts)
}
