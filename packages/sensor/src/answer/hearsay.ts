import type { Interaction } from '@hirundo/formats'
import { zeroCounters, type AnswerCounters } from './bounds.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'

export interface HearsayOptions extends Omit<RecorderOptions, 'counters'> {
  readonly interactions: AsyncIterable<Interaction>
}

/** In the place of responders: records what it is told, by the same recorder and its bounds. */
export class Hearsay {
  readonly counters: AnswerCounters = zeroCounters()
  /** Resolves when everything was told and is on its way to the disk. */
  readonly heard: Promise<void>
  readonly #recorder: Recorder

  constructor({ interactions, ...options }: HearsayOptions) {
    this.#recorder = new Recorder({ ...options, counters: this.counters })
    this.heard = this.#hear(interactions)
    // Whoever awaits `heard` gets the error; nobody has to.
    this.heard.catch(() => undefined)
  }

  async #hear(interactions: AsyncIterable<Interaction>): Promise<void> {
    for await (const one of interactions) {
      if (one.transport === 'tcp') this.counters.tcp_sessions++
      else this.counters.udp_requests += one.requests
      this.#recorder.add(one)
    }
    this.#recorder.flush()
  }

  tick(): void {
    this.#recorder.tick()
  }

  /** The signal that the interactions end by has been aborted. */
  async stop(): Promise<void> {
    await this.heard
  }
}
