import type { Cidr } from '@hirundo/base'

/** How many addresses the networks hold, as far as a JSON number is exact; 0 when none was given. */
export function addressCount(networks: readonly Cidr[]): number {
  const sum = networks.reduce((total, cidr) => total + 2 ** (128 - cidr.bits), 0)
  return Math.min(sum, Number.MAX_SAFE_INTEGER)
}
