/** Ports of an event that are told apart: a column of keys + 1 and one of packets, so many values each. */
export interface PortList {
  readonly keys: Uint32Array
  readonly packets: Float64Array
  readonly width: number
}

/** Adds packets of a port (any number 0 … 2³²−2); ports beyond the width of the list are left out. */
export function addPort({ keys, packets, width }: PortList, slot: number, port: number, more: number): void {
  for (let i = slot * width; i < (slot + 1) * width; i++) {
    if (keys[i] === 0) keys[i] = port + 1
    else if (keys[i] !== port + 1) continue
    packets[i]! += more
    return
  }
}

/** The ports, most packets first. */
export function portsOf({ keys, packets, width }: PortList, slot: number): number[] {
  const at = slot * width
  return Array.from({ length: width }, (_, i) => ({ port: keys[at + i]! - 1, packets: packets[at + i]! }))
    .filter(({ port }) => port >= 0).toSorted((a, b) => b.packets - a.packets || a.port - b.port).map(({ port }) => port)
}
