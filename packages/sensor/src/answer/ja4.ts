import { createHash } from 'node:crypto'
import { latin1, viewOf } from './bytes.ts'

/** What a ClientHello (RFC 8446, section 4.1.2) says that tells clients apart. */
export interface ClientHello {
  readonly version: number
  readonly ciphers: readonly number[]
  /** Types in their order. */
  readonly extensions: readonly number[]
  readonly server_name: string | undefined
  readonly alpn: readonly string[]
  readonly signature_algorithms: readonly number[]
}

const LIST_MAX = 512
const NAMES_MAX = 16
const extension = { server_name: 0x0000, signature_algorithms: 0x000d, alpn: 0x0010, versions: 0x002b } as const

/** Values that clients send to keep servers honest (RFC 8701) and that say nothing about them. */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)

/** Reads forward; `failed` once something does not fit. */
class Reader {
  readonly bytes: Uint8Array
  at = 0
  failed = false

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  number(bytes: number): number {
    let value = 0
    for (const byte of this.take(bytes)) value = value * 256 + byte
    return value
  }

  take(bytes: number): Uint8Array {
    this.failed ||= this.at + bytes > this.bytes.length
    if (this.failed) return new Uint8Array(0)
    this.at += bytes
    return this.bytes.subarray(this.at - bytes, this.at)
  }

  /** Bytes after their length of `length_bytes`. */
  vector(length_bytes: number): Uint8Array {
    return this.take(this.number(length_bytes))
  }

  get is_done(): boolean {
    return this.failed || this.at >= this.bytes.length
  }
}

/** A handshake message that is a ClientHello, or undefined. */
export function readClientHello(handshake: Uint8Array): ClientHello | undefined {
  const outer = new Reader(handshake)
  if (outer.number(1) !== 1) return undefined
  const reader = new Reader(outer.vector(3))
  const legacy = reader.number(2)
  reader.take(32)
  reader.vector(1)
  const ciphers = numbersOf(reader.vector(2))
  reader.vector(1)
  const extensions: number[] = []
  const contents = new Map<number, Uint8Array>()
  const list = new Reader(reader.is_done ? new Uint8Array(0) : reader.vector(2))
  while (!list.is_done && extensions.length < LIST_MAX) {
    const type = list.number(2)
    const content = list.vector(2)
    if (list.failed) break
    extensions.push(type)
    if (!contents.has(type)) contents.set(type, content)
  }
  if (outer.failed || reader.failed || list.failed) return undefined
  const versions = numbersOf((contents.get(extension.versions) ?? new Uint8Array(0)).subarray(1)).filter((version) => !isGrease(version))
  return {
    version: versions.length > 0 ? Math.max(...versions) : legacy, ciphers, extensions, server_name: serverName(contents.get(extension.server_name)),
    alpn: alpnOf(contents.get(extension.alpn)), signature_algorithms: numbersOf((contents.get(extension.signature_algorithms) ?? new Uint8Array(0)).subarray(2)),
  }
}

function numbersOf(bytes: Uint8Array): number[] {
  const view = viewOf(bytes)
  return Array.from({ length: Math.min(bytes.length >> 1, LIST_MAX) }, (_, place) => view.getUint16(2 * place))
}

function serverName(content: Uint8Array | undefined): string | undefined {
  if (!content) return undefined
  const reader = new Reader(content)
  reader.number(2)
  if (reader.number(1) !== 0) return undefined
  const name = latin1(reader.vector(2))
  return reader.failed || name === '' ? undefined : name
}

function alpnOf(content: Uint8Array | undefined): string[] {
  const reader = new Reader(content ?? new Uint8Array(0))
  reader.number(2)
  const names: string[] = []
  while (!reader.is_done && names.length < NAMES_MAX) names.push(latin1(reader.vector(1)))
  return names
}

const versionText: Readonly<Record<number, string>> = { 0x0304: '13', 0x0303: '12', 0x0302: '11', 0x0301: '10', 0x0300: 's3', 0x0002: 's2' }
const hex4 = (value: number): string => value.toString(16).padStart(4, '0')
const count = (values: readonly number[]): string => String(Math.min(values.length, 99)).padStart(2, '0')
const hash12 = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** JA4 of a ClientHello over TCP (FoxIO, technical details of JA4: TLS client fingerprinting). */
export function ja4Of(hello: ClientHello): string {
  const ciphers = hello.ciphers.filter((value) => !isGrease(value))
  const extensions = hello.extensions.filter((value) => !isGrease(value))
  const head = `t${versionText[hello.version] ?? '00'}${extensions.includes(extension.server_name) ? 'd' : 'i'}${count(ciphers)}${count(extensions)}${alpnSigns(hello.alpn[0])}`
  const sorted = extensions.filter((value) => value !== extension.server_name && value !== extension.alpn).map(hex4).toSorted().join(',')
  const algorithms = hello.signature_algorithms.filter((value) => !isGrease(value)).map(hex4).join(',')
  const b = ciphers.length === 0 ? '000000000000' : hash12(ciphers.map(hex4).toSorted().join(','))
  const c = extensions.length === 0 ? '000000000000' : hash12(algorithms === '' ? sorted : `${sorted}_${algorithms}`)
  return `${head}_${b}_${c}`
}

/** First and last sign of the first protocol; of its hexadecimal form when one of them is no letter or digit. */
function alpnSigns(protocol: string | undefined): string {
  if (protocol === undefined || protocol === '') return '00'
  const ends = protocol.at(0)! + protocol.at(-1)!
  if (/^[0-9a-z]{2}$/i.test(ends)) return ends
  const digits = Buffer.from(protocol, 'latin1').toString('hex')
  return digits.at(0)! + digits.at(-1)!
}
