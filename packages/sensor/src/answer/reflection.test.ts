import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerBounds, type AnswerBounds } from './bounds.ts'
import { ReflectionBudget } from './reflection.ts'

interface Request {
  readonly source: number
  readonly bytes: number
  readonly answers: readonly number[]
  readonly pause_ms: number
}

const requests = (pause_ms_max: number) => fc.array(fc.record({
  source: fc.nat(11), bytes: fc.integer({ min: 28, max: 600 }), answers: fc.array(fc.integer({ min: 28, max: 1_400 }), { maxLength: 3 }), pause_ms: fc.nat(pause_ms_max),
}), { minLength: 100, maxLength: 300, size: 'max' })
/** Three nets of four sources. */
const netOf = (source: number): string => `net${source % 3}`
const first = answerBounds.answer_udp_first_bytes_max
const add = (sums: Map<string, number>, key: string, value: number): void => void sums.set(key, (sums.get(key) ?? 0) + value)

/** Plays the stream and gives, after every request, each source's and net's bytes sent beyond bytes received. */
function play(stream: readonly Request[], bounds: AnswerBounds, check: (excess: ReadonlyMap<string, number>, now_ms: number) => void): number {
  const budget = new ReflectionBudget(bounds)
  const excess = new Map<string, number>()
  let now_ms = 0
  let answered = 0
  for (const { source, bytes, answers, pause_ms } of stream) {
    now_ms += pause_ms
    const place = budget.choose(`source${source}`, netOf(source), bytes, answers, now_ms)
    const sent = typeof place === 'number' ? answers[place]! : 0
    if (sent > 0) answered++
    for (const key of [`source${source}`, netOf(source)]) add(excess, key, sent - bytes)
    check(excess, now_ms)
  }
  return answered
}

test('over any stream a source and its net get no more than they sent, and one first answer', () => {
  let answered = 0
  fc.assert(fc.property(requests(120_000), (stream) => {
    answered += play(stream, answerBounds, (excess) => {
      for (const [key, bytes] of excess) assert.ok(bytes <= first, `${key} got ${bytes} more than it sent`)
    })
  }), { numRuns: 60 })
  assert.ok(answered > 1_000, 'the streams were answered at all')
})

test('it holds when the tables are full, and beyond it once for each time that a first answer may be given', () => {
  const small = { ...answerBounds, answer_udp_sources_max: 2, answer_udp_nets_max: 2, answer_udp_first_ms: 600_000 }
  fc.assert(fc.property(requests(200_000), (stream) => {
    play(stream, small, (excess, now_ms) => {
      const firsts = 1 + Math.floor(now_ms / small.answer_udp_first_ms)
      for (const [key, bytes] of excess) assert.ok(bytes <= firsts * first, `${key} got ${bytes}`)
    })
  }), { numRuns: 60 })
})

test('answers per minute of a source and a net, and bytes per second of the node, have an end', () => {
  const count = (sources: number, bounds: Partial<AnswerBounds>): number =>
    play(Array.from({ length: 200 }, (_, n) => ({ source: 3 * (n % sources), bytes: 100, answers: [100], pause_ms: 1 })), { ...answerBounds, ...bounds }, () => undefined)
  assert.equal(count(1, {}), answerBounds.answer_udp_answers_per_source_minute_max)
  assert.equal(count(4, {}), answerBounds.answer_udp_answers_per_net_minute_max)
  const unbound = { answer_udp_answers_per_source_minute_max: 1_000, answer_udp_answers_per_net_minute_max: 1_000 }
  assert.equal(count(4, unbound), 200)
  assert.equal(count(4, { ...unbound, answer_udp_out_bytes_per_second_max: 1_250 }), 12)
})
