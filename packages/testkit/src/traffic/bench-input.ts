import type { TrafficOptions } from './traffic.ts'
import { writePcapFile, type PcapFile } from './pcap-file.ts'

/** The one input of all benchmarks: a minute of a million packets for a /16 and an IPv6 network, ten times. */
export const benchTraffic: TrafficOptions = {
  seed: 20_260_101,
  start_s: Date.UTC(2026, 0, 1) / 1000,
  minutes: 10,
  packets: 10_000_000,
  destinations: ['198.18.0.0/16', '2001:db8:100::/48'],
  flows_per_packet: 0.45,
}
export const benchDestinations = benchTraffic.destinations.join(',')
export const BENCH_SHA256 = '7fe24c7139a5d86badeeb60a81ad11c971c57276eb82b7807d26d1053efa20e6'
export const bench_flows_per_packet = { min: 0.3, max: 0.6 } as const

/** Writes the pinned input; throws when it is not, byte by byte, what earlier figures were measured on. */
export function writeBenchInput(path: string): PcapFile {
  const file = writePcapFile(path, benchTraffic)
  if (file.sha256 !== BENCH_SHA256) throw new Error(`benchmark input has SHA-256 ${file.sha256}, pinned is ${BENCH_SHA256}`)
  const share = file.tally.flows / file.tally.packets
  if (share < bench_flows_per_packet.min || share > bench_flows_per_packet.max) throw new Error(`flows per packet ${share} out of bounds`)
  return file
}
