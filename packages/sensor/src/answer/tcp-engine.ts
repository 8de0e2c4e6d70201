import { parseAddress } from '@hirundo/base'
import { maskOwn, maskOwnBytes } from '@hirundo/formats'
import { createServer, type Server, type Socket } from 'node:net'
import { FairCaps } from './caps.ts'
import type { EngineOptions } from './engine-options.ts'
import type { TcpProtocol } from './model.ts'
import { peerOf } from './peer.ts'
import { TcpSession, type SessionRoom } from './tcp-session.ts'
import { Transcript } from './transcript.ts'

const BACKLOG = 1_024

/** Which port a listener stands for, and who speaks there. */
export interface TcpPort {
  readonly listen_port: number
  /** Undefined: the last two bytes of the address that the session came to (see deploy/answer-all-ports.sh). */
  readonly dst_port: number | undefined
  readonly protocolOf: (dst_port: number) => TcpProtocol
}

/** Accepts TCP sessions, leads a dialogue on each, and records every one that it took. */
export class TcpEngine {
  readonly #options: EngineOptions
  readonly #caps: FairCaps
  readonly #room: SessionRoom
  readonly #servers: Server[] = []
  readonly #sessions = new Set<TcpSession>()

  constructor(options: EngineOptions) {
    this.#options = options
    this.#caps = new FairCaps(options.bounds)
    this.#room = { bounds: options.bounds, counters: options.counters, held_bytes: 0 }
  }

  /** Begins to listen; the system's code (EACCES, EADDRINUSE) when it cannot, otherwise the port. */
  listen(port: TcpPort, address: string): Promise<{ readonly port: number } | { readonly error: string }> {
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket, port))
    return new Promise((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }))
      server.listen({ port: port.listen_port, host: address, backlog: BACKLOG }, () => {
        // An accept that fails (no file descriptors) concerns one session; the listener goes on.
        server.on('error', () => undefined)
        this.#servers.push(server)
        resolve({ port: (server.address() as { port: number }).port })
      })
    })
  }

  #accept(socket: Socket, port: TcpPort): void {
    const { counters, monotonic_ms, setting, own } = this.#options
    // Broken connections are the daily bread of this; `close` follows each.
    socket.on('error', () => undefined)
    const peer = peerOf(socket.remoteAddress)
    const dst_port = port.dst_port ?? portInAddress(socket.localAddress)
    if (!peer || dst_port === undefined) return void socket.destroy()
    const now_ms = monotonic_ms()
    const refusal = this.#caps.enter(peer.source, peer.net, now_ms)
    if (refusal !== undefined) {
      counters[`tcp_refused_${refusal}`]++
      return void socket.resetAndDestroy()
    }
    counters.tcp_sessions++
    counters.tcp_open = this.#caps.open
    const protocol = port.protocolOf(dst_port)
    const local = peerOf(socket.localAddress)?.address
    const transcript = new Transcript(protocol.name, 'completed', (text) => maskOwn(text, own, local))
    const session = new TcpSession({
      socket, peer, src_port: socket.remotePort ?? 0, dst_port, at_ms: setting.now(), now_ms, dialogue: protocol.begin(setting), transcript,
    }, this.#room)
    this.#sessions.add(session)
    socket.on('data', (chunk) => session.data(chunk, monotonic_ms()))
    socket.once('close', () => this.#closed(session, local))
    session.opened()
  }

  #closed(session: TcpSession, local: Uint8Array | undefined): void {
    const { counters, monotonic_ms, clock_error_ms, own, record } = this.#options
    this.#sessions.delete(session)
    this.#caps.leave(session.start.peer.source, session.start.peer.net)
    counters.tcp_open = this.#caps.open
    record(session.closed(monotonic_ms(), clock_error_ms(), (bytes) => maskOwnBytes(bytes, own, local)))
  }

  /** To be called about every second: ends what has taken too long. */
  tick(): void {
    const now_ms = this.#options.monotonic_ms()
    for (const session of this.#sessions) session.expire(now_ms)
  }

  /** Ends all sessions; each is recorded before this resolves. */
  async stop(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
    for (const session of this.#sessions) session.cut()
    await Promise.all(closed)
  }
}

/** The port that the operator's rule wrote into the last two bytes of the address; a session that came otherwise has none. */
function portInAddress(text: string | undefined): number | undefined {
  const address = text === undefined ? undefined : parseAddress(text)
  if (!address?.ok) return undefined
  return address.value[14]! * 256 + address.value[15]!
}
