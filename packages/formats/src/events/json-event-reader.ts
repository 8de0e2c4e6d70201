import type { Draft } from './draft.ts'
import { jsonLine, type JsonObject } from './json.ts'
import type { LineOutcome, LogOptions, LogReader, LogSink } from './model.ts'
import { OwnText } from './own-text.ts'

/** A log with a JSON object in each line. */
export abstract class JsonEventReader implements LogReader {
  protected readonly options: LogOptions
  protected readonly own: OwnText
  readonly #sink: LogSink

  constructor(options: LogOptions, sink: LogSink) {
    this.options = options
    this.own = new OwnText(options.own)
    this.#sink = sink
  }

  take(line: string): LineOutcome {
    const event = jsonLine(line)
    return event === undefined ? 'bad' : this.takeEvent(event)
  }

  /** An event that was read already; T-Pot's names of fields are understood too. */
  abstract takeEvent(event: JsonObject): LineOutcome

  /** Gives out what is still open. */
  finish(): void {}

  /** Gives out the record of a draft, if there is one in it. */
  protected give(draft: Draft): void {
    const record = draft.record()
    if (record) this.#sink.interaction(record)
  }
}
