import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { streamSource, untilAborted } from './source.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('a stream holds no chunk that was read: memory does not grow with what came', async () => {
  const read: WeakRef<Uint8Array>[] = []
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 24; n++) yield new Uint8Array(1024)
  }
  const source = streamSource(false, [{ name: 'test', chunks: chunks() }])
  let most = 0
  for await (const stream of source.streams(new AbortController().signal)) {
    for await (const chunk of stream.chunks) {
      read.push(new WeakRef(chunk))
      // A weak reference that was just made or read holds its object until the turn ends.
      await turn()
      collectGarbage()
      most = Math.max(most, read.filter((one) => one.deref() !== undefined).length)
    }
  }
  assert.equal(read.length, 24)
  assert.ok(most <= 4, `${most} chunks were held at once`)
})

test('aborting ends the wait for a chunk that never comes, and leaves no listener', async () => {
  const abort = new AbortController()
  let listeners = 0
  const { signal } = abort
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...given: Parameters<typeof add>) => (listeners++, add(...given))
  signal.removeEventListener = (...given: Parameters<typeof remove>) => (listeners--, remove(...given))
  const never: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }
  const iterator = untilAborted(never, signal)[Symbol.asyncIterator]()
  const ended = iterator.next()
  abort.abort()
  assert.equal((await ended).done, true)
  assert.equal(listeners, 0)
})

test('who stops reading early closes the source, and what the source throws reaches the reader', async () => {
  let closed = false
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield new Uint8Array(1)
      throw new Error('unreadable')
    } finally {
      closed = true
    }
  }
  const { signal } = new AbortController()
  for await (const chunk of untilAborted(chunks(), signal)) if (chunk.length === 1) break
  assert.equal(closed, true)
  await assert.rejects(async () => {
    for await (const _ of untilAborted(chunks(), signal)) void _
  }, /unreadable/)
})
