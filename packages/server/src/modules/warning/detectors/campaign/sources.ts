import { doubled } from '../core/grown.ts'
import { KeyIndex } from '../core/key-index.ts'

const START = 1024

/** How many ports each source tried, up to 255. */
export class SourceBook {
  readonly #index: KeyIndex
  #keys = new Float64Array(START)
  #ports = new Uint8Array(START)
  size = 0

  constructor(seed: number) {
    this.#index = new KeyIndex(seed)
  }

  find(source: number): number {
    return this.#index.find(source, this.#keys)
  }

  keyAt(at: number): number {
    return this.#keys[at]!
  }

  portsOf(source: number): number {
    const at = this.find(source)
    return at < 0 ? 0 : this.#ports[at]!
  }

  /** Ports with one more. */
  countPort(source: number): number {
    let at = this.find(source)
    if (at < 0) at = this.#add(source)
    this.#ports[at] = Math.min(255, this.#ports[at]! + 1)
    return this.#ports[at]!
  }

  save(): { readonly source_keys: Float64Array; readonly source_ports: Uint8Array } {
    return { source_keys: this.#keys.slice(0, this.size), source_ports: this.#ports.slice(0, this.size) }
  }

  restore(keys: Float64Array, ports: Uint8Array): void {
    keys.forEach((key, i) => (this.#ports[this.#add(key)] = ports[i]!))
  }

  #add(source: number): number {
    if (this.size === this.#keys.length) {
      this.#keys = doubled(this.#keys)
      this.#ports = doubled(this.#ports)
    }
    this.#keys[this.size] = source
    this.#index.add(source, this.size, this.#keys)
    return this.size++
  }
}

/** The port that each source sent most to in a day that is over. */
export class MainPorts {
  readonly #index: KeyIndex
  readonly #sources: Float64Array
  readonly #ports: Uint32Array

  constructor(sources: Float64Array, ports: Uint32Array, seed: number) {
    this.#sources = sources
    this.#ports = ports
    this.#index = new KeyIndex(seed)
    sources.forEach((source, i) => this.#index.add(source, i, sources))
  }

  /** −1: it was not seen, or swept ports. */
  of(source: number): number {
    const at = this.#index.find(source, this.#sources)
    return at < 0 ? -1 : this.#ports[at]!
  }

  save(): { readonly sources: Float64Array; readonly ports: Uint32Array } {
    return { sources: this.#sources, ports: this.#ports }
  }
}
