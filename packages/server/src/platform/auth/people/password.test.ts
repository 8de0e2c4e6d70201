import assert from 'node:assert/strict'
import { test } from 'node:test'
import { realWorld } from '@hirundo/base'
import { checkPassword, makePasswords } from './password.ts'

const cheap = { memory_kib: 64, passes: 1 }

test('a hash costs 64 MiB and three passes, and knows its password only', async () => {
  const passwords = makePasswords(realWorld)
  const hash = await passwords.hash('kirschbaum am fluss')
  assert.ok(hash.ok)
  assert.match(hash.value, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$[\w-]{22}\$[\w-]{43}$/)
  assert.deepEqual(await passwords.verify('kirschbaum am fluss', hash.value), { ok: true, value: true })
  assert.deepEqual(await passwords.verify('kirschbaum am Fluss', hash.value), { ok: true, value: false })
})

test('a hash of another cost is read as it is, and one password typed on two systems is the same', async () => {
  const hash = await makePasswords(realWorld, cheap).hash('Über den Flüssen fliegt sie')
  assert.ok(hash.ok)
  const composed = 'Über den Flüssen fliegt sie'.normalize('NFD')
  assert.deepEqual(await makePasswords(realWorld, { memory_kib: 128, passes: 2 }).verify(composed, hash.value), { ok: true, value: true })
})

test('nobody is verified without a hash, and a flood is turned away instead of taking memory', async () => {
  const passwords = makePasswords(realWorld, cheap)
  assert.deepEqual(await passwords.verify('', undefined), { ok: true, value: false })
  const answers = await Promise.all(Array.from({ length: 100 }, () => passwords.verify('x', null)))
  assert.equal(answers.filter(({ ok }) => !ok).length, 100 - 66, 'two run, 64 wait')
  assert.equal((await passwords.verify('x', null)).ok, true, 'and it works again afterwards')
})

test('passwords that are guessed first are refused, long phrases are not', () => {
  const weak = ['short', 'elevenchars', 'password1234', 'Password2026!', 'P@ssw0rdP@ssw0rd', '123456789012', 'qwertyuiop123', 'aaaaaaaaaaaaaaaa', 'abcabcabcabcabc', 'letmeinletmein1',
    'akiko@example.org', 'xxakiko@example.orgxx', 'tanaka-akiko1', 'Hirundo2026!', 'x'.repeat(257)]
  const name = (text: string) => (text.startsWith('tanaka') ? 'tanaka-akiko@example.org' : 'akiko@example.org')
  for (const text of weak) assert.equal(checkPassword(text, name(text)).ok, false, text)
  for (const text of ['kirschbaum steht am fluss', 'つばめが国境を越えて飛んでいく', '제비는 봄에 국경을 넘어 온다', 'k7#mQ9!vX2pL', 'password of a very old boat']) {
    assert.equal(checkPassword(text, 'akiko@example.org').ok, true, text)
  }
})
