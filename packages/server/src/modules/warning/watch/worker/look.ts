import type { HeardRow, WindowTable } from '@hirundo/analytics'
import { windowLayouts } from '@hirundo/analytics/windows'
import { parseAddress, unwrap } from '@hirundo/base'
import { FoundBook } from '../../backtest/alarms.ts'
import { score } from '../../backtest/score.ts'
import { NO_ADDRESS } from '../../detectors/core/address-book.ts'
import { portKey } from '../../detectors/core/port-key.ts'
import { economyNumber, SliceBuilder } from '../../detectors/core/slice-builder.ts'
import type { Heard } from '../../detectors/core/slice.ts'
import type { Engine } from '../../detectors/engine.ts'
import type { Detection } from '../../detectors/model.ts'
import { lastOfEach } from '../model.ts'
import type { BacktestScore, Known, Pushed } from './protocol.ts'

const TCP = 6
const UDP = 17

/** Puts an engine's minutes before it: the part of a worker that knows rows. */
export class Look {
  readonly #engine: Engine
  readonly #builder: SliceBuilder
  readonly #rows: { readonly table: WindowTable; readonly bytes: Uint8Array }[] = []
  readonly #heard: HeardRow[] = []
  readonly #book: FoundBook | undefined

  /** `gather`: what is found is kept for its score. */
  constructor(engine: Engine, gather: boolean) {
    this.#engine = engine
    this.#builder = new SliceBuilder(engine.book)
    this.#book = gather ? new FoundBook() : undefined
  }

  addRows(table: WindowTable, bytes: Uint8Array): void {
    this.#rows.push({ table, bytes })
  }

  addHeard(rows: readonly HeardRow[]): void {
    for (const row of rows) this.#heard.push(row)
  }

  /** Looks at all minutes before `to`. */
  push(to: number): Pushed {
    this.#decode()
    const detections: Detection[] = []
    for (const slice of this.#builder.take(to)) this.#note(detections, this.#engine.push(slice))
    this.#note(detections, this.#engine.advance(to))
    return { detections: lastOfEach(detections), ...this.#state() }
  }

  end(): Pushed {
    const detections: Detection[] = []
    this.#note(detections, this.#engine.end())
    return { detections, ...this.#state() }
  }

  /** Of what was gathered. */
  score(known: Known): BacktestScore {
    return score({ ...known, found: this.#book?.found() ?? [] }).result
  }

  #state() {
    const { late_rows: _, ...shed } = this.#builder.shed
    return { health: this.#engine.health, shed }
  }

  #note(into: Detection[], found: Iterable<Detection>): void {
    for (const one of found) {
      if (this.#book) this.#book.add({ detection: one, at: this.#engine.next ?? one.end })
      else into.push(one)
    }
  }

  #decode(): void {
    // Let go of one by one: a minute of a flood is large.
    for (let page = this.#rows.shift(); page; page = this.#rows.shift()) this.#add(page.table, page.bytes)
    for (const row of this.#heard.splice(0)) this.#hear(row)
  }

  #add(table: WindowTable, bytes: Uint8Array): void {
    const layout = windowLayouts[table]
    const rows = bytes.length / layout.row_bytes
    if (table === 'flow') this.#builder.addFlows(layout, rows, bytes)
    else if (table === 'backscatter') this.#builder.addBackscatter(layout, rows, bytes)
    else if (table === 'syn_sample') this.#builder.addSyns(layout, rows, bytes)
    else this.#builder.addWatched(layout, rows, bytes)
  }

  #hear({ at_ms, minute, source: address, transport, dst_port, economy, ...row }: HeardRow): void {
    const at = Math.floor(at_ms / 1000)
    const source = this.#engine.book.number(unwrap(parseAddress(address)), 0, at)
    if (source === NO_ADDRESS) {
      this.#builder.shed.addresses_v6++
      return
    }
    const heard: Heard = { ...row, at, source, port: portKey(transport === 'tcp' ? TCP : UDP, dst_port, -1, -1), economy: economyNumber(economy) }
    this.#builder.addHeard(heard, minute)
  }
}
