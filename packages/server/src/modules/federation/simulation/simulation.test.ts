import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catchUp } from './catch-up.ts'
import { simulate, type Counts } from './run.ts'

/** Two of them with Ed25519. */
const seeds = 16

test('under drop, delay, duplicates, flips, partitions, crashes and restores everything arrives once, and forks are found', () => {
  const total: Record<string, number> = {}
  for (let seed = 1; seed <= seeds; seed++) {
    const { faults, counts } = simulate(seed)
    assert.deepEqual(faults, [], `replay: node packages/server/src/modules/federation/simulation/main.ts --seeds 1 --from ${seed}`)
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + (count as number)
  }
  // Seeds in which nothing happened would prove nothing.
  const happened: (keyof Counts)[] = ['entries', 'crashes', 'restores', 'behind', 'epochs', 'peer_behind', 'halted', 'refused', 'forks_planted']
  for (const name of happened) assert.ok(total[name]! > 0, `${name} never happened in ${seeds} seeds`)
})

test('one seed has one course', () => {
  const [one, again, other] = [simulate(6), simulate(6), simulate(7)]
  assert.deepEqual(again, one)
  assert.notEqual(other.digest, one.digest)
})

test('a bulk lane of many batches is taken as a whole', () => {
  const { entries, batches, entries_per_s } = catchUp(1200)
  assert.deepEqual([entries, batches], [1200, 3])
  assert.ok(entries_per_s > 0)
})
