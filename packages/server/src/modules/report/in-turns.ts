import { ok, type Result } from '@hirundo/base'

type Jobs = Readonly<Record<string, () => Promise<Result<unknown>>>>
type Values<J extends Jobs> = { readonly [K in keyof J]: J[K] extends () => Promise<Result<infer T>> ? T : never }

/** Does the jobs, at most `at_once` at a time, and gives their values by name; the first problem ends it. */
export async function inTurns<J extends Jobs>(jobs: J, at_once: number): Promise<Result<Values<J>>> {
  const waiting = Object.entries(jobs)
  const values: Record<string, unknown> = {}
  let problem: Result<never> | undefined
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !problem; next = waiting.shift()) {
      const [name, job] = next
      const result = await job()
      if (result.ok) values[name] = result.value
      else problem ??= result
    }
  }
  await Promise.all(Array.from({ length: at_once }, work))
  return problem ?? ok(values as Values<J>)
}

/** The same for a list, in its order. */
export async function eachInTurns<A, T>(list: readonly A[], at_once: number, job: (one: A) => Promise<Result<T>>): Promise<Result<readonly T[]>> {
  const done = await inTurns(Object.fromEntries(list.map((one, i) => [String(i), () => job(one)])), at_once)
  return done.ok ? ok(list.map((_, i) => done.value[String(i)] as T)) : done
}
