import { choiceTable } from './random.ts'

/** A weighted list of ports with a lookup table; `rare` is the share of draws that take any port at all. */
export interface PortMix {
  readonly ports: readonly number[]
  readonly table: Uint16Array
}

/** Weight of the n-th port falls as 1 ÷ (n + 1)^exponent (Zipf). */
function zipf(ports: readonly number[], exponent: number): PortMix {
  return { ports, table: choiceTable(ports.map((_, rank) => 1 / (rank + 1) ** exponent)) }
}

const weighted = (pairs: readonly (readonly [number, number])[]): PortMix => ({
  ports: pairs.map(([port]) => port),
  table: choiceTable(pairs.map(([, weight]) => weight)),
})

/** Stands for "a port drawn at random from all 65,535". */
export const ANY_PORT = 0

export const tcpPorts = zipf(
  [23, 22, 445, 80, 443, 8080, 3389, 5555, 2323, 6379, ANY_PORT, 81, 1433, 8443, 25, 21, 8888, 5900, 3306, 9200, 2222, 8081,
    110, 993, 2375, 5432, 8000, 1723, 7547, 8291, 37215, 52869, 5060, 11211, 27017, 9100, 502, 102, 4444, 10000],
  0.9,
)
export const researchPorts = zipf(
  [443, 80, 22, ANY_PORT, 8080, 21, 25, 3389, 8443, 23, 502, 102, 47808, 20000, 1883, 5683, 6443, 9443, 2083, 161], 0.4,
)
export const windowsPorts = weighted([[445, 8], [3389, 2], [1433, 1], [139, 0.4]])
export const miraiPorts = weighted([[23, 9], [2323, 1], [5555, 0.5]])
export const udpPorts = weighted([[5060, 5], [53, 4], [123, 3], [161, 3], [1900, 2.5], [11211, 0.6], [389, 0.5], [ANY_PORT, 1]])
export const victimPorts = weighted([[80, 5], [443, 6], [53, 1], [22, 0.7], [25565, 1], [8080, 0.5]])

/** The port that the simulated worm spreads on. */
export const WORM_PORT = 9530

/** UDP payload bytes that a probe of this port carries. */
export const udpPayloadBytes = (port: number): number =>
  port === 5060 ? 412 : port === 53 ? 41 : port === 123 ? 48 : port === 161 ? 43 : port === 1900 ? 94 : 18
