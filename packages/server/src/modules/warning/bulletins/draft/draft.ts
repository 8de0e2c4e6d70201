import type { BulletinText, Language } from '@hirundo/contract'
import { languages } from '@hirundo/contract'
import { oneLine, plainText } from '../../../../platform/notify/plain-text.ts'
import { wordsOf } from '../words.ts'
import { actionOf, affectedOf, indicatorsOf } from './advised.ts'
import type { DraftFacts } from './facts.ts'
import { certaintyOf, evidenceOf, sinceOfDraft, titleOf, whatOf } from './observed.ts'

const title_chars_max = 200
const slot_chars_max = 8000

/** An early warning from a finding in one language, slot by slot. The same facts give the same text. */
export function draftIn(language: Language, facts: DraftFacts): BulletinText {
  const words = wordsOf(language)
  const fit = (text: string) => plainText(text, slot_chars_max)
  return {
    title: oneLine(titleOf(facts, words, 'others'), title_chars_max),
    what: fit(whatOf(facts, words, 'others')),
    since: fit(sinceOfDraft(facts, words)),
    affected: fit(affectedOf(facts, words)),
    evidence: fit(evidenceOf(facts, words)),
    certainty: fit(certaintyOf(facts, words)),
    action: fit(actionOf(facts, words)),
    indicators: fit(indicatorsOf(facts, words)),
  }
}

/** The same in every language. */
export const draftAll = (facts: DraftFacts): Record<Language, BulletinText> =>
  Object.fromEntries(languages.map((language) => [language, draftIn(language, facts)])) as Record<Language, BulletinText>
