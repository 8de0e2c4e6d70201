import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isMailAddress } from './mail-address.ts'
import { oneLine, plainText } from './plain-text.ts'

test('one line stays one line and reads in its own direction', () => {
  assert.equal(oneLine('a\r\nBcc: b@example.org\u2028c'), 'a Bcc: b@example.org c')
  assert.equal(oneLine('exe.\u202egnp'), 'exe.gnp')
  assert.equal(oneLine('x\u0000\u0007\u009b31my\ufeff'), 'x31my')
  assert.equal(oneLine('名前 이름 名稱'), '名前 이름 名稱')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u.test(oneLine(text))))
})

test('several lines keep their ends and nothing else that steers', () => {
  assert.equal(plainText('a\r\nb\rc\n\td\u202e'), 'a\nb\nc\n d')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u.test(plainText(text).replaceAll('\n', ''))))
})

test('what is too long is cut between characters', () => {
  assert.equal(oneLine('abcdef', 4), 'abc…')
  assert.equal(oneLine('ab😀cd', 4), 'ab…')
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => oneLine(text, 5).length <= 5 && oneLine(text, 5).isWellFormed()))
})

test('a mail address is one address and nothing beside it', () => {
  for (const good of ['a@example.org', 'first.last+tag@mail.example', "o'neil@localhost"]) assert.ok(isMailAddress(good), good)
  for (const bad of ['', 'a', 'a@', '@b', 'a@b@c', 'a b@example.org', 'a@example.org,b@example.org', 'a@example.org\r\nBcc: x@y.z', 'a@example.org\n', '"a b"@example.org',
    '<a@example.org>', 'A <a@example.org>', 'a..b@example.org', '.a@example.org', 'a@-example.org', 'a@example..org', 'a@[127.0.0.1]', `${'a'.repeat(65)}@example.org`, 'ä@example.org']) {
    assert.ok(!isMailAddress(bad), bad)
  }
})
