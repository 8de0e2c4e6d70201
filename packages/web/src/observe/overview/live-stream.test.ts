import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { LiveStream } from './live-stream.ts'

/** The browser's EventSource, its page and its window, as far as the stream uses them. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static all: FakeSource[] = []
  readyState = 0
  closed = false
  constructor() {
    super()
    FakeSource.all.push(this)
  }
  close(): void {
    this.closed = true
    this.readyState = 2
  }
  tell(at: string): void {
    this.dispatchEvent(new MessageEvent('overview', { data: JSON.stringify({ at }) }))
  }
  fail(ready_state: number): void {
    this.readyState = ready_state
    this.dispatchEvent(new Event('error'))
  }
}
const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
const latest = (): FakeSource => FakeSource.all.at(-1)!
const open = (): number => FakeSource.all.filter(({ closed }) => !closed).length
let states: string[]
let heard: string[]
let refused: number
let stream: LiveStream

beforeEach(() => {
  FakeSource.all = []
  states = []
  heard = []
  refused = 0
  page.visibilityState = 'visible'
  Object.assign(globalThis, { EventSource: FakeSource, document: page, window: globalThis })
  mock.timers.enable({ apis: ['setTimeout'] })
  stream = new LiveStream({ onState: (state) => states.push(state), onDocument: ({ at }) => heard.push(at), onRefused: () => refused++ })
})
afterEach(() => {
  stream.close()
  mock.timers.reset()
})
const see = (state: 'visible' | 'hidden') => {
  page.visibilityState = state
  page.dispatchEvent(new Event('visibilitychange'))
}

test('documents arrive, a short break is said, and the line is the browser’s to mend', () => {
  latest().tell('a')
  latest().fail(0)
  latest().tell('b')
  assert.deepEqual([states, heard, FakeSource.all.length, refused], [['connecting', 'live', 'reconnecting', 'live'], ['a', 'b'], 1, 0])
})

test('a refusal is asked about and tried again, more and more rarely, and soon again after a success', () => {
  for (let i = 0; i < 10; i++) {
    latest().fail(2)
    mock.timers.tick(40_000)
  }
  assert.equal(refused, 10)
  assert.equal(FakeSource.all.length, 11)
  assert.equal(open(), 1)
  latest().fail(2)
  mock.timers.tick(15_000)
  assert.equal(FakeSource.all.length, 11, 'after many failures it waits long')
  mock.timers.tick(25_000)
  latest().tell('c')
  latest().fail(2)
  mock.timers.tick(1500)
  assert.equal(FakeSource.all.length, 13)
})

test('a line that says nothing for long is opened anew', () => {
  latest().tell('a')
  mock.timers.tick(74_000)
  assert.equal(FakeSource.all.length, 1)
  latest().tell('b')
  mock.timers.tick(76_000)
  assert.deepEqual([FakeSource.all.length, open(), states.at(-1)], [2, 1, 'reconnecting'])
})

test('nobody sees the page: the line is given back, and opened when somebody does', () => {
  see('hidden')
  mock.timers.tick(30_000)
  see('visible')
  assert.equal(open(), 1, 'a short look elsewhere changes nothing')
  see('hidden')
  mock.timers.tick(61_000)
  assert.deepEqual([open(), states.at(-1)], [0, 'paused'])
  see('visible')
  assert.deepEqual([open(), states.at(-1)], [1, 'reconnecting'])
})

test('what the reader paused stays so until told otherwise; an end leaves nothing open', () => {
  stream.pause()
  see('hidden')
  see('visible')
  mock.timers.tick(200_000)
  assert.deepEqual([open(), states.at(-1)], [0, 'paused'])
  stream.resume()
  assert.equal(open(), 1)
  stream.close()
  mock.timers.tick(200_000)
  see('visible')
  assert.equal(open(), 0)
})
