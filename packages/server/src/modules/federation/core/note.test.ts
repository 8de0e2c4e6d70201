import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { identity, firstChannel } from '../simulation/identity.ts'
import { originLine, readOrigin } from './channel.ts'
import { keyId } from './keys.ts'
import { readNote, verifyNote, writeNote } from './note.ts'
import { readHead, readOpening, readReceipt, readRefusal, writeHead, writeOpening, writeReceipt, writeRefusal, EMPTY_ROOT } from './statement.ts'

const [a, b, stranger] = [identity(0), identity(1), identity(2)]
const again = identity(0, 1)
const channel = firstChannel('xa', 'xb', 'control')
const position = { channel, sequence: 5 }
const keys = [a.key, b.key]
const root = Buffer.alloc(32, 7).toString('base64')
const nonce = '0123456789abcdef0123456789abcdef'

test('the key id is that of the C2SP specification', () => {
  const vkey = 'AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
  assert.equal(keyId('example.com/foo', Buffer.from(vkey, 'base64').subarray(1)), '530d903a')
})

test('a note is read as it was written, and verified by a pinned key only', () => {
  const text = writeNote(['one', 'two'], [stranger.signer, a.signer])
  const note = readNote(text)!
  assert.equal(note.body, 'one\ntwo\n')
  assert.equal(verifyNote(note, 'xa', keys, position), 'good')
  assert.equal(verifyNote(note, 'xb', keys, position), 'key-unknown')
  assert.equal(verifyNote(note, 'xc', keys, position), 'key-unknown')
  assert.equal(verifyNote(note, 'xa', [again.key], position), 'key-unknown')
})

test('a key is good up to the position of its end, whatever the time', () => {
  const note = readNote(writeNote(['one'], [a.signer]))!
  const ended = { ...a.key, revoked: [{ edge: channel.edge, from: 'xa', lane: 'control' as const, epoch: 1, size: 4 }] }
  assert.equal(verifyNote(note, 'xa', [ended], { channel, sequence: 4 }), 'good')
  assert.equal(verifyNote(note, 'xa', [ended], { channel, sequence: 5 }), 'key-revoked')
  assert.equal(verifyNote(note, 'xa', [ended], { channel: { ...channel, epoch: 2 }, sequence: 1 }), 'key-revoked')
  assert.equal(verifyNote(note, 'xa', [ended], { channel: { ...channel, lane: 'bulk' }, sequence: 5 }), 'good')
  assert.equal(verifyNote(note, 'xa', [ended], { channel: firstChannel('xb', 'xa', 'control'), sequence: 5 }), 'good')
})

const head = { channel, size: 3, root }
const receipt = { ...head, entries_to: 11, bytes_to: 9000, answers: nonce, session: '-' }
const opening = { channel: { ...channel, epoch: 3 }, after: { epoch: 2, size: 9, root } }
const refusal = { channel, sequence: 4, reason: 'audience-wrong' as const, digest: root }

test('the four statements are read as they were written', () => {
  const notes = [writeHead(head, a.signer), writeReceipt(receipt, b.signer), writeOpening(opening, a.signer), writeRefusal(refusal, b.signer)] as const
  assert.deepEqual(readHead(notes[0], keys), { ...head, note: notes[0] })
  assert.deepEqual(readReceipt(notes[1], keys), { ...receipt, note: notes[1] })
  assert.deepEqual(readOpening(notes[2], keys), { ...opening, note: notes[2] })
  assert.deepEqual(readRefusal(notes[3], keys), { ...refusal, note: notes[3] })
  const readers = [readHead, readReceipt, readOpening, readRefusal]
  notes.forEach((text, at) => readers.forEach((read, by) => assert.equal(read(text, keys) !== undefined, at === by)))
})

test('a head by the receiver and a receipt by the sender are nothing', () => {
  assert.equal(readHead(writeHead(head, b.signer), keys), undefined)
  assert.equal(readReceipt(writeReceipt(receipt, a.signer), keys), undefined)
  assert.equal(readOpening(writeOpening(opening, b.signer), keys), undefined)
  assert.equal(readRefusal(writeRefusal(refusal, a.signer), keys), undefined)
})

test('no change of one bit or one character leaves a statement that is taken for another', () => {
  const text = writeReceipt(receipt, b.signer)
  const bytes = Buffer.from(text)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const copy = Buffer.from(bytes)
    copy[bit >> 3]! ^= 1 << (bit & 7)
    assert.equal(readReceipt(copy.toString(), keys), undefined, `bit ${bit}`)
  }
  fc.assert(fc.property(fc.nat(text.length), fc.string({ maxLength: 3 }), fc.nat(3), (at, put, cut) => {
    const other = text.slice(0, at) + put + text.slice(at + cut)
    if (other !== text) assert.equal(readReceipt(other, keys), undefined)
  }), { numRuns: 500 })
})

test('texts that are no notes are not read', () => {
  const good = writeNote(['one'], [a.signer])
  const line = good.slice(good.indexOf('—'))
  const wrong = ['', 'one\n', 'one\n\n', `one\n\n${line.slice(0, -1)}`, `\n\n${line}`, `o\u0301\n\n${line}`, `one\r\n\n${line}`, `one\n\n${line}\n`,
    `one\n\n${line.replace('—', '-')}`, `one\n\n${line.repeat(9)}`, `${'1\n'.repeat(17)}\n${line}`, `${'x'.repeat(4096)}\n\n${line}`]
  for (const text of wrong) assert.equal(readNote(text), undefined, JSON.stringify(text.slice(0, 40)))
  assert.throws(() => writeNote(['one\ntwo\n\nthree'], [a.signer]))
  assert.throws(() => writeNote(['日本'], [a.signer]))
})

test('an origin line names one channel in one way', () => {
  assert.equal(originLine(channel), 'hirundo/v1/xa/xb/00000000-0000-4000-8000-000061000062/control/1')
  assert.deepEqual(readOrigin(originLine(channel)), channel)
  const line = originLine(channel)
  const wrong = [line.replace('/1', '/01'), `${line}0`.replace('/10', '/0'), line.replace('v1', 'v2'), line.replace('control', 'other'), `${line}/`,
    line.replace('xb', 'xa'), line.replace('xa', 'Xa'), line.replace('xa', ''), line.replace('0000-4', '0000_4'), `${line}1111111111111111`]
  for (const text of wrong) assert.equal(readOrigin(text), undefined, text)
  assert.equal(EMPTY_ROOT, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
})
