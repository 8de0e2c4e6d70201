import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INSTANT_END_S, isMapped, unwrap } from '@hirundo/base'
import fc from 'fast-check'
import { decodeInteraction, encodeInteraction, INTERACTION_LENGTH_BYTES } from '../interaction/codec.ts'
import { interactionBounds } from '../interaction/model.ts'
import { readLog, sampleLines } from '../testing/logs.ts'
import { FlowLog } from './flow-log.ts'
import { LineSplitter } from './lines.ts'
import { logKinds, type LogKind } from './model.ts'

const samples: Readonly<Record<LogKind, readonly string[]>> = {
  cowrie: sampleLines('cowrie.json'), dionaea: sampleLines('dionaea.json'), conpot: sampleLines('conpot.json'), eve: sampleLines('eve.json'), tpot: sampleLines('tpot.ndjson'),
  kernel: sampleLines('kernel.log'), dshield: sampleLines('dshield.log'), nfdump: [...sampleLines('nfdump-1.6.csv'), ...sampleLines('nfdump-1.7.csv')],
}

/** Whatever the lines, what comes of them fits into records and rows. */
function holds(kind: LogKind, lines: readonly string[]): void {
  const { outcomes, interactions, packets } = readLog(kind, lines, { first_year: 2026 })
  assert.equal(outcomes.length, lines.length)
  for (const one of interactions) {
    const row = encodeInteraction(one)
    assert.ok(row.length <= interactionBounds.row_bytes_max + INTERACTION_LENGTH_BYTES)
    unwrap(decodeInteraction(row.subarray(INTERACTION_LENGTH_BYTES)))
  }
  const flows = new FlowLog({ flows_max: 10, isLeftOut: () => false }, { flow: () => undefined, minute: ({ minute }) => assert.ok(minute >= 0 && minute < INSTANT_END_S) })
  for (const one of packets) {
    assert.ok(one.src.length === 16 && one.dst.length === 16 && one.packets >= 1 && Number.isSafeInteger(one.packets) && (one.dst_port ?? 0) <= 0xffff)
    flows.add(one)
  }
  flows.finish()
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }), fc.double(), fc.constantFrom(null, true, -1, 1e308, 2 ** 53, '', '0', '::', '999.1.1.1', '192.0.2.10', '__proto__', 'constructor'),
  fc.constant('x'.repeat(5_000)), fc.constant('a.b:'.repeat(2_000)), fc.constant('tftp '.repeat(500)), fc.jsonValue(),
)

/** One value somewhere in an object replaced, or one added under a name that must not matter. */
function mutated(line: string, value: unknown, at: number, name: string): string {
  let of: unknown
  try {
    of = JSON.parse(line)
  } catch {
    return line.slice(0, at % (line.length + 1)) + (typeof value === 'string' ? value : JSON.stringify(value)) + line.slice((at * 7) % (line.length + 1))
  }
  let holder = of as Record<string, unknown>
  for (let place = at; ; place = Math.floor(place / 3)) {
    const keys = Object.keys(holder)
    const key = keys[place % Math.max(1, keys.length)]
    const inner = key === undefined ? undefined : holder[key]
    if (typeof inner === 'object' && inner !== null && place % 3 !== 0) holder = inner as Record<string, unknown>
    else {
      Object.defineProperty(holder, key !== undefined && place % 2 === 0 ? key : name, { value, enumerable: true, configurable: true, writable: true })
      return JSON.stringify(of)
    }
  }
}

for (const kind of logKinds) {
  test(`${kind}: no line makes it throw, and bounds hold`, () => {
    const line = fc.oneof(
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
      { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.constantFrom(...samples[kind]) },
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...samples[kind]), hostile, fc.nat(), fc.constantFrom('__proto__', 'toString', 'session', 'flow', 'x')).map((of) => mutated(...of)) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...samples[kind]), fc.nat()).map(([text, cut]) => text.slice(0, cut % (text.length + 1))) },
    )
    fc.assert(fc.property(fc.array(line, { maxLength: 12 }), (lines) => holds(kind, lines)), { numRuns: 400 })
  })

  test(`${kind}: what is nested too deep is a bad line, not a crash`, () => {
    for (const depth of [40, 100_000]) {
      const deep = `{"eventid":"cowrie.x","a":${'['.repeat(depth)}${' '.repeat(2_100)}${']'.repeat(depth)}}`
      const { outcomes } = readLog(kind, [deep, ...samples[kind]])
      assert.ok(outcomes[0] === 'bad' || outcomes[0] === 'skipped')
    }
  })
}

test('lines are the same however the bytes are cut, and one that is too long is told once', () => {
  const text = samples.cowrie.join('\r\n')
  const wanted = text.split('\r\n')
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), (sizes) => {
    const lines: string[] = []
    let too_long = 0
    const splitter = new LineSplitter(4_000, (line) => void lines.push(line), () => void too_long++)
    const bytes = Buffer.from(`${text}\n${'y'.repeat(9_000)}\nlast`)
    for (let at = 0, n = 0; at < bytes.length; n++) {
      const to = at + sizes[n % sizes.length]!
      splitter.push(bytes.subarray(at, to))
      at = to
    }
    splitter.finish()
    assert.deepEqual([lines, too_long], [[...wanted, 'last'], 1])
  }), { numRuns: 100 })
})

test('a key of the prototype is a fact like any other and changes nothing else', () => {
  const [line] = samples.cowrie
  const { interactions } = readLog('cowrie', [line!.replace('{', '{"__proto__":{"src_ip":"203.0.113.1"},"constructor":"c",')])
  assert.ok(!isMapped(new Uint8Array(16)))
  assert.deepEqual(interactions[0]!.facts['cowrie.constructor'], 'c')
  assert.equal(({} as Record<string, unknown>)['src_ip'], undefined)
})
