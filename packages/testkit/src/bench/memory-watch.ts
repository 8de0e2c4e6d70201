import { memoryOfTree } from '../process/tree.ts'

export interface MemoryPeak {
  /** Sum of the resident sizes; pages that several processes share count in each. */
  rss_bytes: number
  /** The same with shared pages counted once. */
  pss_bytes: number
}

const EVERY_MS = 500

/** Watches the memory of a process with all below it until `stop`, which gives the highest sums seen. */
export function watchMemory(pid: number): { stop(): MemoryPeak } {
  const peak: MemoryPeak = { rss_bytes: 0, pss_bytes: 0 }
  const look = (): void => {
    const { rss_bytes, pss_bytes } = memoryOfTree(pid)
    peak.rss_bytes = Math.max(peak.rss_bytes, rss_bytes)
    peak.pss_bytes = Math.max(peak.pss_bytes, pss_bytes)
  }
  const timer = setInterval(look, EVERY_MS)
  return {
    stop: () => {
      clearInterval(timer)
      look()
      return peak
    },
  }
}
