import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problems } from '@hirundo/base'
import { catalogues, languages, message, negotiateLanguage } from './index.ts'

const keys = Object.keys(catalogues.en).toSorted()

test('every problem code has a text, and every language has every text and no other', () => {
  for (const code of Object.keys(problems)) assert.ok(keys.includes(`problem.${code}`), code)
  for (const language of languages) assert.deepEqual(Object.keys(catalogues[language]).toSorted(), keys, language)
})

test('no text is empty, and a translation keeps the placeholders of the English one', () => {
  const placeholders = (text: string) => (text.match(/\{[a-z_]+\}/g) ?? []).toSorted()
  for (const language of languages) {
    for (const [key, text] of Object.entries(catalogues[language])) {
      assert.ok(text.trim().length > 0, `${language} ${key}`)
      assert.deepEqual(placeholders(text), placeholders(catalogues.en[key as never]), `${language} ${key}`)
    }
  }
})

test('no translation was left in English', () => {
  for (const language of languages.slice(1)) {
    for (const [key, text] of Object.entries(catalogues[language])) assert.notEqual(text, catalogues.en[key as never], `${language} ${key}`)
  }
})

test('values replace their placeholders and an unknown one stays visible', () => {
  assert.equal(message('en', 'status.page.sensors_live', { live: 3, approved: 4 }), '3 of 4 approved sensors report')
  assert.equal(message('en', 'status.page.sensors_live', { live: 3 }), '3 of {approved} approved sensors report')
})

test('the language is the most wanted of ours; Chinese goes by script, then by region', () => {
  const cases: [string | undefined, string][] = [
    [undefined, 'en'], ['', 'en'], ['*', 'en'], ['fr, de;q=0.9', 'en'], ['ja', 'ja'], ['fr, ko;q=0.5', 'ko'],
    ['en;q=0.5, ja;q=0.9', 'ja'], ['ja;q=0, ko;q=0.1', 'ko'], ['zh', 'zh-Hans'], ['zh-CN', 'zh-Hans'], ['zh-TW', 'zh-Hant'],
    ['zh-Hant-HK', 'zh-Hant'], ['zh-Hans-TW', 'zh-Hans'], ['JA-jp', 'ja'], ['ja;q=x, ko', 'ko'], [`${'x,'.repeat(5000)}ja`, 'en'],
  ]
  for (const [header, language] of cases) assert.equal(negotiateLanguage(header), language, header)
})
