import type { Detection, Detector, Run } from './model.ts'

/**
 * Backscatter of one victim and attack protocol in one bin of 10 s: what a victim answers to forged sources, summed over
 * sensors. Rows of the same bin and victim add up.
 */
export interface BackscatterBin {
  /** Seconds since 1970, a multiple of 10. */
  readonly bin: number
  readonly victim: string
  /** IANA name or number. */
  readonly protocol: string
  readonly packets: number
  readonly bytes: number
  /** Attacked ports of this row. */
  readonly ports: number
}

export interface RsdosParameters {
  readonly packets_min: number
  readonly duration_s_min: number
  /** In the densest 60 s, which slide by 10 s. */
  readonly ppm_min: number
  /** A victim that is silent for longer has been left alone. */
  readonly gap_s: number
  /** Addresses that observe: a victim sends about 2³² ÷ this times what was seen. 0: not known. */
  readonly addresses: number
  /** Victims that are watched at once. */
  readonly victims_max: number
}

/**
 * Randomly spoofed denial of service by its backscatter: Moore, Voelker and Savage, "Inferring Internet Denial-of-Service
 * Activity" (USENIX Security 2001), with the thresholds that CAIDA's corsaro3 uses.
 */
export const rsdos: Detector<RsdosParameters, BackscatterBin> = {
  kind: 'rsdos',
  version: 1,
  defaults: { packets_min: 25, duration_s_min: 60, ppm_min: 30, gap_s: 300, addresses: 0, victims_max: 200_000 },
  start: (parameters) => new RsdosRun(parameters),
}

const BIN_S = 10
const BINS_PER_MINUTE = 6
const IPV4_ADDRESSES = 2 ** 32

interface Vector {
  readonly victim: string
  readonly protocol: string
  readonly first: number
  last: number
  packets: number
  bytes: number
  ports: number
  /** Packets of the last six bins by (bin ÷ 10) mod 6. */
  readonly window: number[]
  window_packets: number
  max_ppm: number
}

/** Bins may come late by less than `gap_s`; then they count in the sums and not in the densest minute. */
class RsdosRun implements Run<BackscatterBin> {
  shed = 0
  readonly #parameters: RsdosParameters
  /** In order of the last bin, as far as bins come in order. */
  readonly #vectors = new Map<string, Vector>()

  constructor(parameters: RsdosParameters) {
    this.#parameters = parameters
  }

  push(row: BackscatterBin): readonly Detection[] {
    const found = this.#closeBefore(row.bin - this.#parameters.gap_s)
    const key = `${row.protocol} ${row.victim}`
    let vector = this.#vectors.get(key)
    if (!vector) {
      if (this.#vectors.size >= this.#parameters.victims_max) {
        this.shed++
        return found
      }
      const { victim, protocol, bin } = row
      vector = { victim, protocol, first: bin, last: bin, packets: 0, bytes: 0, ports: 0, window: [0, 0, 0, 0, 0, 0], window_packets: 0, max_ppm: 0 }
      this.#vectors.set(key, vector)
    } else if (row.bin > vector.last) {
      this.#vectors.delete(key)
      this.#vectors.set(key, vector)
    }
    add(vector, row)
    return found
  }

  end(): readonly Detection[] {
    return this.#closeBefore(Infinity)
  }

  #closeBefore(second: number): Detection[] {
    const found: Detection[] = []
    for (const [key, vector] of this.#vectors) {
      if (vector.last + BIN_S > second) break
      this.#vectors.delete(key)
      if (this.#isAttack(vector)) found.push(this.#detection(vector))
    }
    return found
  }

  /** Times are those of bins: an attack of 60 s touches bins whose starts are at least 60 s apart. */
  #isAttack({ packets, first, last, max_ppm }: Vector): boolean {
    const { packets_min, duration_s_min, ppm_min } = this.#parameters
    return packets >= packets_min && last - first >= duration_s_min && max_ppm >= ppm_min
  }

  #detection({ victim, protocol, first, last, packets, bytes, ports, max_ppm }: Vector): Detection {
    const { addresses } = this.#parameters
    return {
      kind: 'rsdos', start: first, end: last + BIN_S, subject: { victim, protocol }, packets, max_ppm,
      figures: { bytes, ports_max: ports, ...(addresses > 0 ? { estimated_ppm: Math.round((max_ppm * IPV4_ADDRESSES) / addresses) } : {}) },
    }
  }
}

function add(vector: Vector, { bin, packets, bytes, ports }: BackscatterBin): void {
  vector.packets += packets
  vector.bytes += bytes
  vector.ports = Math.max(vector.ports, ports)
  if (bin < vector.last) return
  // Bins between the last one and this had nothing.
  const passed = Math.min(BINS_PER_MINUTE, (bin - vector.last) / BIN_S)
  for (let i = 1; i <= passed; i++) {
    const place = (bin / BIN_S - passed + i) % BINS_PER_MINUTE
    vector.window_packets -= vector.window[place]!
    vector.window[place] = 0
  }
  vector.last = bin
  vector.window[(bin / BIN_S) % BINS_PER_MINUTE]! += packets
  vector.window_packets += packets
  vector.max_ppm = Math.max(vector.max_ppm, vector.window_packets)
}
