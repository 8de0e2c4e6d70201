import { ConpotReader } from './conpot.ts'
import { CowrieReader } from './cowrie.ts'
import { DionaeaReader } from './dionaea.ts'
import { DshieldReader } from './dshield.ts'
import { EveReader } from './eve.ts'
import { KernelReader } from './kernel.ts'
import type { LogKind, LogOptions, LogReader, LogSink } from './model.ts'
import { NfdumpReader } from './nfdump.ts'
import { TpotReader } from './tpot.ts'

const readers: Readonly<Record<LogKind, new (options: LogOptions, sink: LogSink) => LogReader>> = {
  cowrie: CowrieReader, dionaea: DionaeaReader, conpot: ConpotReader, eve: EveReader, tpot: TpotReader,
  kernel: KernelReader, dshield: DshieldReader, nfdump: NfdumpReader,
}

/** The reader of a kind of log. */
export const logReader = (kind: LogKind, options: LogOptions, sink: LogSink): LogReader => new readers[kind](options, sink)
