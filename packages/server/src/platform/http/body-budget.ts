import { Transform, type Readable, type TransformCallback } from 'node:stream'

/** Large bodies come from sensors before their signature is known: together they may hold this much memory. */
const budget_bytes_max = 256 * 1024 * 1024

export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded'
}

/** Passes a body on and counts what arrived; Fastify compares `receivedEncodedLength` with Content-Length. */
class Counted extends Transform {
  receivedEncodedLength = 0
  readonly #take: (bytes: number) => boolean

  constructor(take: (bytes: number) => boolean) {
    super()
    this.#take = take
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.receivedEncodedLength += chunk.length
    if (this.#take(chunk.length)) done(null, chunk)
    else done(new BudgetExceeded('too many large requests at once'))
  }
}

export interface BodyBudget {
  /** `body`, counted for `owner` until `release(owner)`. */
  counted(owner: object, body: Readable): Transform
  release(owner: object): void
  held(): number
}

/**
 * Counts bytes that have arrived, not those announced: who sends slowly holds little, and cannot keep others out.
 * A body that would exceed the budget fails with BudgetExceeded.
 */
export function makeBodyBudget(bytes_max = budget_bytes_max): BodyBudget {
  const owners = new WeakMap<object, number>()
  let held = 0
  return {
    counted(owner, body) {
      owners.set(owner, 0)
      const counted = new Counted((bytes) => {
        const before = owners.get(owner)
        // Answered already: nobody reads on, and what is buffered is less than one chunk.
        if (before === undefined) return true
        if (held + bytes > bytes_max) return false
        owners.set(owner, before + bytes)
        held += bytes
        return true
      })
      // Its reader may have gone; an error without a listener would end the process.
      counted.on('error', () => undefined)
      body.once('error', (error) => counted.destroy(error))
      return body.pipe(counted)
    },
    release(owner) {
      held -= owners.get(owner) ?? 0
      owners.delete(owner)
    },
    held: () => held,
  }
}
