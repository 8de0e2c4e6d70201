import { ConpotReader } from './conpot.ts'
import { CowrieReader } from './cowrie.ts'
import { DionaeaReader } from './dionaea.ts'
import { EveReader } from './eve.ts'
import type { LogKind, LogOptions, LogReader, LogSink } from './model.ts'
import { TpotReader } from './tpot.ts'

const readers: Partial<Record<LogKind, new (options: LogOptions, sink: LogSink) => LogReader>> = {
  cowrie: CowrieReader, dionaea: DionaeaReader, conpot: ConpotReader, eve: EveReader, tpot: TpotReader,
}

/** The reader of a kind of log. */
export const logReader = (kind: LogKind, options: LogOptions, sink: LogSink): LogReader => new readers[kind]!(options, sink)
