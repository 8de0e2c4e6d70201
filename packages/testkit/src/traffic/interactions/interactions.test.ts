import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '@hirundo/base'
import { decodeInteraction, encodeInteraction, INTERACTION_LENGTH_BYTES } from '@hirundo/formats'
import { answerFaces, interactionsOfMinute, pastInteractions, type AnswerFace } from './interactions.ts'

const minute_s = 1_767_225_600
const options = { seed: 1, stream: 0, face: 'things', per_minute: 40, worm_began_s: minute_s - 7_200 } as const
const faces = Object.keys(answerFaces) as AnswerFace[]

test('the same minute gives the same records, in order, within the minute', () => {
  for (const face of faces) {
    const [one, two] = [interactionsOfMinute({ ...options, face }, minute_s), interactionsOfMinute({ ...options, face }, minute_s)]
    assert.deepEqual(one, two)
    assert.ok(one.length >= 20, face)
    assert.ok(one.every(({ at_ms }, i) => at_ms >= minute_s * 1000 && at_ms < (minute_s + 60) * 1000 && (i === 0 || at_ms >= one[i - 1]!.at_ms)))
  }
  assert.notDeepEqual(interactionsOfMinute(options, minute_s), interactionsOfMinute({ ...options, stream: 1 }, minute_s))
  assert.notDeepEqual(interactionsOfMinute(options, minute_s), interactionsOfMinute(options, minute_s + 60))
})

test('a record fits the wire uncut, and nobody real stands in it', () => {
  for (const face of faces) for (let i = 0; i < 30; i++) for (const one of interactionsOfMinute({ ...options, face }, minute_s + 60 * i)) {
    assert.deepEqual(unwrap(decodeInteraction(encodeInteraction(one).subarray(INTERACTION_LENGTH_BYTES))), one)
    assert.ok(one.src[12]! >= 240, 'sources lie in 240.0.0.0/4')
    for (const url of one.urls) assert.match(url, /^http:\/\/2[45]\d\.\d+\.\d+\.\d+(:8080)?\/simulated\//)
    assert.equal(one.transport === 'udp', one.handshake === 'none', 'only a handshake proves an address')
  }
})

test('there are reflection attacks, in the names of few victims, seen by several sensors, and control systems are asked', async () => {
  const heard = new Map<string, Set<number>>()
  const protocols = new Set<string>()
  for (const [stream, face] of faces.entries()) {
    for await (const one of pastInteractions({ ...options, stream, face, per_minute: 2 }, minute_s, 360, new AbortController().signal)) {
      protocols.add(one.protocol)
      if (one.requests < 3) continue
      const victim = Buffer.from(one.src).toString('hex')
      heard.set(victim, (heard.get(victim) ?? new Set()).add(stream))
    }
  }
  assert.ok(heard.size >= 3)
  assert.ok([...heard.values()].some((streams) => streams.size > 1))
  for (const protocol of ['telnet', 'http', 'modbus', 's7comm', 'dns']) assert.ok(protocols.has(protocol), protocol)
})
