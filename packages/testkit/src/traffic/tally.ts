import { frameKinds, type FrameKind } from './burst.ts'

/** What was written, known by construction: the figures that a sensor and a node must come to. */
export interface Tally {
  packets: number
  /** Packets to the destinations, with an IP header: what a sensor with `--dst` counts. */
  counted: number
  not_ip: number
  not_for_us: number
  /** Distinct keys of FlowTuples per window (a minute, when windows are minutes). */
  flows: number
  readonly kinds: Record<FrameKind, number>
  readonly tools: { mirai: number; zmap: number; masscan: number }
}

export const emptyTally = (): Tally => ({
  packets: 0, counted: 0, not_ip: 0, not_for_us: 0, flows: 0,
  kinds: Object.fromEntries(frameKinds.map((kind) => [kind, 0])) as Record<FrameKind, number>,
  tools: { mirai: 0, zmap: 0, masscan: 0 },
})

/** The tally of a window from its packets by kind number and its distinct flows. */
export function tallyOf(byKind: ArrayLike<number>, flows: number): Tally {
  const tally = emptyTally()
  frameKinds.forEach((kind, i) => {
    tally.kinds[kind] = byKind[i]!
    tally.packets += byKind[i]!
  })
  const { kinds } = tally
  tally.not_ip = kinds.arp
  tally.not_for_us = kinds.elsewhere
  tally.counted = tally.packets - kinds.arp - kinds.elsewhere
  tally.flows = flows
  tally.tools.mirai = kinds.syn_mirai
  tally.tools.zmap = kinds.syn_zmap + kinds.udp_zmap
  tally.tools.masscan = kinds.syn_masscan
  return tally
}

/** Adds `more` to `sum`. */
export function addTally(sum: Tally, more: Tally): void {
  sum.packets += more.packets
  sum.counted += more.counted
  sum.not_ip += more.not_ip
  sum.not_for_us += more.not_for_us
  sum.flows += more.flows
  for (const kind of frameKinds) sum.kinds[kind] += more.kinds[kind]
  sum.tools.mirai += more.tools.mirai
  sum.tools.zmap += more.tools.zmap
  sum.tools.masscan += more.tools.masscan
}

/** Packets that answer somebody's forged probe: SYN-ACK, RST, ICMP errors, replies from port 53. */
export const backscatterOf = ({ kinds }: Tally): number => kinds.syn_ack + kinds.rst + kinds.icmp_error + kinds.dns_reply
