import { interactionBounds, maskOwn, maskOwnBytes } from '@hirundo/formats'
import { createHash } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { EngineOptions } from './engine-options.ts'
import type { UdpProtocol } from './model.ts'
import { isNeverAnswered, peerOf, wireBytes, type Peer } from './peer.ts'
import { ReflectionBudget } from './reflection.ts'
import { Transcript } from './transcript.ts'

const RECORD_MS = 60_000
/** Services that answer whatever comes (RFC 862, 864, 865, 867, 868): two of them would talk for ever. */
const ECHOING_PORTS: ReadonlySet<number> = new Set([0, 7, 13, 17, 19, 37])

export interface UdpEngineOptions extends EngineOptions {
  /** Without it requests are recorded and nothing is ever sent. */
  readonly permitted: boolean
}

export interface UdpPort {
  readonly listen_port: number
  readonly dst_port: number
  readonly protocol: UdpProtocol
}

/** Requests of one source to one port within a minute. */
interface OpenRecord {
  readonly peer: Peer
  readonly src_port: number
  readonly dst_port: number
  readonly at_ms: number
  readonly started_ms: number
  readonly transcript: Transcript
  readonly payload_sha256: Uint8Array
  readonly sample: Uint8Array
  last_ms: number
  requests: number
  bytes_in: number
  bytes_out: number
}

/** Takes datagrams, answers those that the reflection budget allows, and folds them into records of a minute. */
export class UdpEngine {
  readonly #options: UdpEngineOptions
  readonly #budget: ReflectionBudget
  readonly #sockets: Socket[] = []
  /** In order of their start. */
  readonly #records = new Map<string, OpenRecord>()

  constructor(options: UdpEngineOptions) {
    this.#options = options
    this.#budget = new ReflectionBudget(options.bounds)
  }

  /** Begins to listen; the system's code when it cannot, otherwise the port. */
  listen(port: UdpPort, address: string): Promise<{ readonly port: number } | { readonly error: string }> {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4' })
    return new Promise((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => {
        socket.close()
        resolve({ error: error.code ?? error.message })
      })
      socket.bind(port.listen_port, address, () => {
        socket.removeAllListeners('error')
        // A datagram that could not be sent concerns nobody else.
        socket.on('error', () => undefined)
        socket.on('message', (message, from) => this.#take(socket, port, message, from))
        this.#sockets.push(socket)
        resolve({ port: socket.address().port })
      })
    })
  }

  #take(socket: Socket, port: UdpPort, message: Uint8Array, from: RemoteInfo): void {
    const { counters, monotonic_ms } = this.#options
    const peer = peerOf(from.address)
    if (!peer) return
    const now_ms = monotonic_ms()
    const request_bytes = wireBytes(peer.address, message.length)
    counters.udp_requests++
    counters.udp_bytes_in += request_bytes
    const record = this.#recordOf(port, peer, from.port, message, now_ms)
    const answer = this.#answerTo(port, peer, from.port, message, record?.transcript, now_ms)
    if (!answer) return
    socket.send(answer, from.port, from.address)
    counters.udp_answers++
    counters.udp_bytes_out += wireBytes(peer.address, answer.length)
    if (record) record.bytes_out += answer.length
  }

  #recordOf(port: UdpPort, peer: Peer, src_port: number, message: Uint8Array, now_ms: number): OpenRecord | undefined {
    const { bounds, counters, setting, own } = this.#options
    const key = `${peer.source}${port.dst_port}`
    let record = this.#records.get(key)
    if (!record) {
      if (this.#records.size >= bounds.answer_udp_records_max) {
        counters.udp_unrecorded++
        return undefined
      }
      record = {
        peer, src_port, dst_port: port.dst_port, at_ms: setting.now(), started_ms: now_ms, last_ms: now_ms, requests: 0, bytes_in: 0, bytes_out: 0,
        transcript: new Transcript(port.protocol.name, 'none', (text) => maskOwn(text, own)),
        payload_sha256: createHash('sha256').update(message).digest(),
        sample: maskOwnBytes(message.subarray(0, interactionBounds.sample_bytes_max), own),
      }
      this.#records.set(key, record)
    }
    record.requests++
    record.bytes_in += message.length
    record.last_ms = now_ms
    return record
  }

  /** What goes back, if anything; every reason for silence is counted. */
  #answerTo(
    port: UdpPort, peer: Peer, src_port: number, message: Uint8Array, transcript: Transcript | undefined, now_ms: number,
  ): Uint8Array | undefined {
    const { counters, setting, permitted } = this.#options
    let answers: readonly Uint8Array[] = []
    try {
      answers = port.protocol.answer(message, transcript ?? unheard, setting, { address: peer.address, port: src_port })
    } catch {
      counters.dialogues_failed++
    }
    const sizes = permitted ? answers.map((answer) => wireBytes(peer.address, answer.length)) : []
    const silent = isNeverAnswered(peer.address) || ECHOING_PORTS.has(src_port)
    const place = this.#budget.choose(peer.source, peer.net, wireBytes(peer.address, message.length), silent ? [] : sizes, now_ms)
    if (answers.length === 0) return undefined
    if (!permitted) counters.udp_unanswered_permission++
    else if (silent) counters.udp_unanswered_source++
    else if (typeof place === 'string') counters[`udp_unanswered_${place}`]++
    else return answers[place]
    return undefined
  }

  /** To be called about every second: gives out the records whose minute is over. */
  tick(): void {
    const now_ms = this.#options.monotonic_ms()
    for (const [key, record] of this.#records) {
      if (now_ms - record.started_ms < RECORD_MS) return
      this.#close(key, record)
    }
  }

  #close(key: string, record: OpenRecord): void {
    this.#records.delete(key)
    const { peer, src_port, dst_port, at_ms, started_ms, last_ms, transcript, payload_sha256, sample, requests, bytes_in, bytes_out } = record
    this.#options.record({
      at_ms, clock_error_ms: this.#options.clock_error_ms(), src: peer.address, src_port, dst_port, transport: 'udp', bytes_in, bytes_out, requests,
      duration_ms: Math.max(0, Math.round(last_ms - started_ms)), payload_sha256, sample, ...transcript.said(),
    })
  }

  /** Closes all sockets; every open record is given out. */
  async stop(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))))
    for (const [key, record] of this.#records) this.#close(key, record)
  }
}

/** For requests that no record holds. */
const unheard = { fact: () => undefined, login: () => undefined, url: () => undefined, spoke: () => undefined, guess: () => undefined }
