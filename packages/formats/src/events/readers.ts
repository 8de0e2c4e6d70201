import { CowrieReader } from './cowrie.ts'
import type { LogKind, LogOptions, LogReader, LogSink } from './model.ts'

const readers: Partial<Record<LogKind, new (options: LogOptions, sink: LogSink) => LogReader>> = {
  cowrie: CowrieReader,
}

/** The reader of a kind of log. */
export const logReader = (kind: LogKind, options: LogOptions, sink: LogSink): LogReader => new readers[kind]!(options, sink)
