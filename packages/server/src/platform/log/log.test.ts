import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeControls, makeLog } from './log.ts'

function logged(write: (log: ReturnType<typeof makeLog>) => void): string {
  let text = ''
  write(makeLog('debug', { write: (line: string) => {
    text += line
  } }))
  return text
}

test('one event is one line of JSON, whatever it says', () => {
  const text = logged((log) => log.info({ part: 'x' }, 'a\nb\u001b[31mc\u202Ed'))
  assert.equal(text.split('\n').length, 2)
  const line = JSON.parse(text) as { msg: string; level: string; time: string }
  assert.equal(line.msg, 'a\\u000ab\\u001b[31mc\\u202ed')
  assert.equal(line.level, 'info')
  assert.match(line.time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

test('tokens and passwords do not enter the log, by key or in a text', () => {
  const token = 'hir_0123456789abcdefghij'
  const text = logged((log) => {
    log.info({ token, authorization: token, headers: { authorization: token }, options: { password: token } }, `with ${token}`)
    log.error({ err: new Error(`bad ${token}`), reason: token }, 'failed')
  })
  assert.ok(!text.includes('0123456789'))
})

test('escapes what a terminal would obey, and nothing else', () => {
  assert.equal(escapeControls('日本語 é\t\u009b1m'), '日本語 é\\u0009\\u009b1m')
})
