/** One run of capture bytes: a file, a pipe, one life of tcpdump. */
export interface CaptureStream {
  /** Stands in messages about it. */
  readonly name: string
  /** Ends with the stream; throws when it cannot be read. */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** Where packets come from. */
export interface Source {
  /** True: minutes close by the clock and silence counts as watched. False: minutes follow the packets' times. */
  readonly live: boolean
  /** One after the other until there is nothing more or `signal` aborts. */
  streams(signal: AbortSignal): AsyncIterable<CaptureStream>
  /** Whether packets would be seen at this moment. */
  readonly watching: boolean
  /** Packets that the kernel dropped before us, since the start. */
  readonly dropped: number
  /** Times that the capture broke off and was begun again. */
  readonly restarts: number
}

/** A source of given streams, for tests, demos and files that were already opened. */
export function streamSource(live: boolean, streams: AsyncIterable<CaptureStream> | Iterable<CaptureStream>): Source {
  let watching = false
  return {
    live,
    async *streams(signal) {
      for await (const stream of streams) {
        if (signal.aborted) return
        watching = true
        yield { ...stream, chunks: untilAborted(stream.chunks, signal) }
        watching = false
      }
    },
    get watching() {
      return watching
    },
    dropped: 0,
    restarts: 0,
  }
}

/**
 * The chunks until `signal` aborts, also while the next one is awaited. No promise of the whole stream is raced with the
 * next chunk: it would hold every chunk that ever won.
 */
export async function* untilAborted(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  let giveUp = (): void => undefined
  const onAbort = (): void => giveUp()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<Uint8Array> | undefined>((resolve, reject) => {
        giveUp = () => resolve(undefined)
        iterator.next().then(resolve, reject)
      })
      if (next === undefined || next.done === true) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Not awaited: a source that waits for its next chunk ends only when that has come.
    iterator.return?.().catch(() => undefined)
  }
}

/** No packets at all, for a sensor that only answers: no minute counts as watched. */
export const idleSource: Source = {
  live: true,
  // oxlint-disable-next-line require-yield
  async *streams(signal) {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  },
  watching: false,
  dropped: 0,
  restarts: 0,
}
