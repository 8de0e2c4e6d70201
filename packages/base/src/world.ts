/** What a program may know of the outside: an argument, so that tests and simulations own it. */
export interface World {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /** Milliseconds from any start, at the pace of time and never set; absent: that of the process. */
  monotonic?(): number
  /** Fresh random bytes from a cryptographic source. */
  random(bytes: number): Uint8Array
}

/** The real world: the machine's clock and its random source. */
export const realWorld: World = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
}
