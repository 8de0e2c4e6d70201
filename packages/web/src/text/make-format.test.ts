import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeFormat } from './make-format.ts'

test('a ratio keeps two decimals around one, so that a rise never reads as no change', () => {
  const { ratio } = makeFormat('en', 'UTC')
  assert.deepEqual([1.037, 0.976, 1, 2.4, 9.99].map(ratio), ['×1.04', '×0.98', '×1.00', '×2.40', '×9.99'])
  assert.deepEqual([9.996, 24.1, 0.0042].map(ratio), ['×10', '×24', '×0.0042'])
})

const languages = ['en', 'ja', 'ko', 'zh-Hans', 'zh-Hant'] as const
const inEach = (say: (format: ReturnType<typeof makeFormat>) => string) => languages.map((locale) => say(makeFormat(locale, 'Asia/Tokyo')))

test('a time ends with its zone in every language, never before the hour or in brackets', () => {
  assert.deepEqual(inEach((format) => format.instant('2026-11-20T18:14:05Z')),
    ['21 Nov 2026, 03:14 GMT+9', '2026/11/21 03:14 JST', '2026. 11. 21. 03:14 GMT+9', '2026/11/21 03:14 GMT+9', '2026/11/21 03:14 GMT+9'])
  assert.equal(makeFormat('zh-Hans', 'Asia/Tokyo').second('2026-11-20T18:14:05Z'), '2026/11/21 03:14:05 GMT+9')
  assert.deepEqual(inEach((format) => format.clock('2026-11-20T18:14:05Z', 'UTC')), languages.map(() => '18:14 UTC'))
})

test('a day reads in a sentence', () =>
  assert.deepEqual(inEach((format) => format.day('2026-11-20T18:14:05Z')), ['21 Nov 2026', '2026/11/21', '2026년 11월 21일', '2026/11/21', '2026/11/21']))

test('lengths of time are spaced as the texts around them, and have no tenths of a minute', () => {
  assert.deepEqual(inEach((format) => format.duration(840)), ['14 minutes', '14分', '14분', '14 分钟', '14 分鐘'])
  assert.deepEqual(inEach((format) => format.duration(12_240)), ['3.4 hours', '3.4時間', '3.4시간', '3.4 小时', '3.4 小時'])
  assert.deepEqual(inEach((format) => format.ago(130)), ['2 min. ago', '2分前', '2분 전', '2 分钟前', '2 分鐘前'])
  assert.equal(makeFormat('en', 'UTC').duration(160), '3 minutes')
  assert.deepEqual([3581, 3569, 59.6, 86_390, 0].map((seconds) => makeFormat('en', 'UTC').duration(seconds)), ['1 hour', '59 minutes', '1 minute', '1 day', '0 seconds'])
})

test('the figures of one column have as many decimals each', () => {
  const { column } = makeFormat('en', 'UTC')
  assert.deepEqual([735, 510.6].map(column([735, 510.6])), ['735.0', '510.6'])
  assert.deepEqual([845, 12].map(column([845, 12])), ['845', '12'])
  assert.deepEqual([1668.2, 735, 28.8].map(column([1668.2, null, 735, 28.8])), ['1,668', '735', '29'])
})
