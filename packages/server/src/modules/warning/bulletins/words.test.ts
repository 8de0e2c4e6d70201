import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { languages } from '@hirundo/contract'
import { texts as en } from '@hirundo/contract/catalogues/bulletin/en'
import { texts as ja } from '@hirundo/contract/catalogues/bulletin/ja'
import { texts as ko } from '@hirundo/contract/catalogues/bulletin/ko'
import { texts as zhHans } from '@hirundo/contract/catalogues/bulletin/zh-hans'
import { texts as zhHant } from '@hirundo/contract/catalogues/bulletin/zh-hant'
import { IntlMessageFormat } from 'intl-messageformat'
import { wordsOf } from './words.ts'

type Element = { type: number, value?: string, options?: Record<string, { value: Element[] }> }
const LITERAL = 0
const POUND = 7

/** What a message names: `{port}` or the choice of a select. */
function argumentsOf(elements: readonly Element[]): string[] {
  const all = elements.flatMap(({ type, value, options }) => [
    ...(type === LITERAL || type === POUND ? [] : [value!]), ...Object.values(options ?? {}).flatMap((option) => argumentsOf(option.value)),
  ])
  return [...new Set(all)].toSorted()
}
const parsed = (text: string, language: string) => new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst() as unknown as Element[]

for (const [language, texts] of Object.entries({ ja, ko, 'zh-Hans': zhHans, 'zh-Hant': zhHant })) {
  describe(`texts of bulletins in ${language}`, () => {
    it('are those of English, with the same arguments, and none was left in English', () => {
      assert.deepEqual(Object.keys(texts), Object.keys(en))
      for (const [key, text] of Object.entries(texts) as [keyof typeof en, string][]) {
        assert.deepEqual(argumentsOf(parsed(text, language)), argumentsOf(parsed(en[key], 'en')), `${language} ${key}`)
        if (/[a-z]{4}/.test(en[key].replace(/\{[^{}]*\}/g, ''))) assert.notEqual(text, en[key], `${language} ${key}`)
      }
    })
  })
}

test('every language writes times in UTC, durations, shares and figures in its own way', () => {
  const said = languages.map((language) => {
    const words = wordsOf(language)
    return [words.at('2026-11-20T10:31:00Z'), words.value('doubling_time_s', 5400), words.value('destination_share', 0.1234), words.value('days_known', 30)]
  })
  assert.deepEqual(said[0], ['20 Nov 2026, 10:31 (UTC)', '1 hour 30 minutes', '12.3%', '30 days'])
  assert.deepEqual(said[1], ['2026年11月20日 10:31（UTC）', '1時間30分', '12.3%', '30 日'])
  for (const [at] of said) assert.match(at!, /2026.*10:31.*UTC/)
  assert.equal(wordsOf('en').value('duration_s', 0), '1 second')
  assert.equal(wordsOf('en').value('timeout_s', 90_061), '1 day 1 hour')
  assert.deepEqual([3581, 3569, 59.6, 86_390].map((seconds) => wordsOf('en').value('duration_s', seconds)), ['1 hour', '59 minutes', '1 minute', '1 day'], 'rounded, as on the pages')
  assert.deepEqual([wordsOf('en').value('estimated_ppm', 1_333_518_072), wordsOf('en').value('max_ppm', 1234)], ['1,330,000,000 packets a minute', '1,234 packets a minute'], 'an estimate has no false digits')
  assert.equal(wordsOf('en').figure('of_a_newer_version'), 'of_a_newer_version')
})

test('a sign of markup stays a sign', () => {
  assert.equal(wordsOf('en').say('withdrawn_why', { why: '<b>{x}</b> \'quoted\'' }), 'Reason: <b>{x}</b> \'quoted\'')
})
