const workers_max = 8

/** Runs `work` on each item, eight at a time: an fsync waits for the disk, and several share one wait. */
export async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: workers_max }, worker))
}
