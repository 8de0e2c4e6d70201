import { formatAddress, formatSeconds } from '@hirundo/base'
import { ABSENT, flowLayout } from '@hirundo/formats'

const { offset, row_bytes } = flowLayout

/** Columns of the text formats, in order. */
export const textColumns = [
  'minute', 'src', 'dst_net', 'protocol', 'dst_port', 'icmp_type', 'icmp_code', 'packets', 'bytes', 'dsts', 'src_ports',
  'src_port_common', 'ttl_common', 'tcp_flags_common', 'size_common', 'syn_header_bytes', 'syn_window', 'scan',
  'backscatter', 'other', 'tool_mirai', 'tool_zmap', 'tool_masscan',
] as const

type Value = string | number | undefined
const sizes: ReadonlyMap<string, string> = new Map(flowLayout.columns.map((column) => [column.name, column.type]))

/** Text of rows of flowLayout; caches what neighbouring rows share. */
export class TextRows {
  readonly #readers: readonly ((view: DataView, row: number) => Value)[]
  #bytes: Uint8Array = new Uint8Array(0)
  #minute = { of: -1, text: '' }
  #source = { words: [-1, -1, -1, -1], text: '' }

  constructor() {
    this.#readers = textColumns.map((name) => this.#reader(name))
  }

  csv(rows: Uint8Array, count: number): string {
    let text = ''
    this.#each(rows, count, (values) => {
      text += `${values.map((value) => value ?? '').join(',')}\n`
    })
    return text
  }

  /** One object a line; an absent value is null. */
  ndjson(rows: Uint8Array, count: number): string {
    let text = ''
    this.#each(rows, count, (values) => {
      text += `${JSON.stringify(Object.fromEntries(textColumns.map((name, i) => [name, values[i] ?? null])))}\n`
    })
    return text
  }

  #each(rows: Uint8Array, count: number, use: (values: Value[]) => void): void {
    this.#bytes = rows
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
    for (let row = 0; row < count; row++) use(this.#readers.map((read) => read(view, row * row_bytes)))
  }

  #reader(name: string): (view: DataView, row: number) => Value {
    const at = offset[name]!
    if (name === 'minute') return (view, row) => this.#minuteText(view.getUint32(row + at, true))
    if (name === 'src') return (view, row) => this.#sourceText(view, row + at)
    if (name === 'dst_net') return (_, row) => this.#netText(row + at)
    return numberReader(name, at)
  }

  #minuteText(minute: number): string {
    if (this.#minute.of !== minute) this.#minute = { of: minute, text: formatSeconds(minute) }
    return this.#minute.text
  }

  #sourceText(view: DataView, at: number): string {
    const words = [view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12)]
    if (words.some((word, i) => word !== this.#source.words[i])) {
      this.#source = { words, text: formatAddress(this.#bytes, at) }
    }
    return this.#source.text
  }

  /** A network of IPv6 is its upper half, so the lower half tells the two apart. */
  #netText(at: number): string {
    const four = this.#bytes[at + 10] === 0xff
    return `${formatAddress(this.#bytes, at)}/${four ? 24 : 64}`
  }
}

function numberReader(name: string, at: number): (view: DataView, row: number) => Value {
  switch (sizes.get(name)) {
    case 'UInt8':
      return (view, row) => view.getUint8(row + at)
    case 'UInt32':
      return (view, row) => view.getUint32(row + at, true)
    case 'UInt64':
      return (view, row) => view.getUint32(row + at, true) + view.getUint32(row + at + 4, true) * 2 ** 32
    case 'Int16':
      return (view, row) => present(view.getInt16(row + at, true))
    default:
      return (view, row) => present(view.getInt32(row + at, true))
  }
}

const present = (value: number): Value => (value === ABSENT ? undefined : value)
