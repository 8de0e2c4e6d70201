import { decodeEntry, isCommitted } from '../core/entry.ts'
import { sameBytes } from '../core/merkle.ts'
import type { Incoming, Outgoing } from './disk.ts'
import type { SimulatedNode } from './node.ts'
import { objectOf } from './sender.ts'

const at = (end: Outgoing | Incoming): string => {
  const { from, to, lane, epoch } = end.state.channel
  return `${from} → ${to} ${lane} epoch ${epoch}`
}

const differsAt = (a: readonly Uint8Array[], b: readonly Uint8Array[]): number => {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) if (!sameBytes(a[index]!, b[index]!)) return index + 1
  return -1
}

/** Once, in order, and nothing that is not in the log. */
function checkApplied(end: Incoming): string[] {
  const { log, state } = end
  const wrong = log.applied.find((sequence, index) => index > 0 && sequence <= log.applied[index - 1]!)
  // The entry is covered by its hash; payload and salt only by what the entry commits to.
  const isDamaged = log.applied.some((sequence) => {
    const item = log.items[sequence - 1]
    const read = item && decodeEntry(item.bytes)
    return !read?.ok || !isCommitted(item!, read.value)
  })
  const beyond = log.applied.some((sequence) => sequence > state.range.size)
  return [
    ...(wrong === undefined ? [] : [`${at(end)}: ${wrong} was applied twice or out of order`]),
    ...(isDamaged ? [`${at(end)}: a damaged payload was applied`] : []),
    ...(beyond || log.leaves.length !== state.range.size ? [`${at(end)}: what was taken is not what the state says`] : []),
    ...(log.root(state.range.size) === null ? [`${at(end)}: the log has a gap`] : []),
  ]
}

/** One lane after all faults are over: both ends hold the same. `one_epoch`: no history was cut. */
function checkLane(sent: readonly Outgoing[], got: readonly Incoming[]): string[] {
  const [newest, held] = [sent.at(-1)!, got.at(-1)!]
  const faults = got.flatMap(checkApplied)
  if (newest.state.channel.epoch !== held.state.channel.epoch) return [...faults, `${at(newest)}: the receiver is in epoch ${held.state.channel.epoch}`]
  if (newest.state.phase !== 'open' || held.state.phase !== 'open') faults.push(`${at(newest)}: ended ${newest.state.phase} and ${held.state.phase}`)
  if (newest.log.leaves.length !== held.log.leaves.length) faults.push(`${at(newest)}: ${held.log.leaves.length} of ${newest.log.leaves.length} entries arrived`)
  if (newest.state.acknowledged !== newest.log.leaves.length) faults.push(`${at(newest)}: the sender does not know that all arrived`)
  for (const end of sent) {
    if (end.state.hello !== null) faults.push(`${at(end)}: greets without end`)
    const other = got.find((entry) => entry.state.channel.epoch === end.state.channel.epoch)
    // What an epoch had beyond the last receipt was given new numbers in the next.
    const place = other ? differsAt(end.log.leaves.slice(0, end.state.acknowledged), other.log.leaves) : -1
    if (place > 0) faults.push(`${at(end)}: entry ${place} differs`)
  }
  return [...faults, ...checkObjects(sent, got)]
}

/** Everything that the sender still knows of arrived; where no epoch was cut, each thing once. */
function checkObjects(sent: readonly Outgoing[], got: readonly Incoming[]): string[] {
  const arrived = got.flatMap((end) => end.log.items.map(objectOf))
  const known = new Set(arrived)
  const missing = sent.flatMap((end) => end.log.items.map(objectOf)).filter((object) => !known.has(object))
  const twice = got.length === 1 && known.size !== arrived.length
  return [
    ...(missing.length === 0 ? [] : [`${at(sent[0]!)}: ${missing.length} things never arrived`]),
    ...(twice ? [`${at(sent[0]!)}: a thing arrived twice`] : []),
  ]
}

/** Every lane between honest nodes, and every lane of a node's outbox. */
export function checkAll(nodes: ReadonlyMap<string, SimulatedNode>): string[] {
  const faults: string[] = []
  for (const node of nodes.values()) {
    for (const [key, sent] of node.disk.outgoing) {
      const { from, to, lane } = sent[0]!.state.channel
      const got = nodes.get(to)!.disk.incoming.get(`${from}/${lane}`)!
      faults.push(...checkLane(sent, got))
      const waiting = node.disk.outbox.get(key)?.length ?? 0
      if (waiting > 0) faults.push(`${at(sent[0]!)}: ${waiting} things wait for a number`)
    }
  }
  return faults
}
