import { interactionBounds, type Interaction } from '@hirundo/formats'
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import type { AnswerBounds, AnswerCounters } from './bounds.ts'
import { joined, NOTHING } from './bytes.ts'
import type { Dialogue } from './model.ts'
import type { Peer } from './peer.ts'
import type { Transcript } from './transcript.ts'

/** After its end a session waits this long for the other side to close. */
const LINGER_MS = 2_000

/** What sessions share. */
export interface SessionRoom {
  readonly bounds: AnswerBounds
  readonly counters: AnswerCounters
  /** Bytes that all sessions hold in memory. */
  held_bytes: number
}

export interface SessionStart {
  readonly socket: Socket
  readonly peer: Peer
  readonly src_port: number
  readonly dst_port: number
  readonly at_ms: number
  readonly now_ms: number
  readonly dialogue: Dialogue
  readonly transcript: Transcript
}

/** One TCP connection and the dialogue on it, within every bound of bytes, time and memory. */
export class TcpSession {
  readonly start: SessionStart
  readonly #room: SessionRoom
  #last_ms: number
  #end_by_ms: number
  #bytes_in = 0
  #bytes_out = 0
  #held = 0
  #pending: Uint8Array = NOTHING
  /** What came before the first answer to it. */
  #payload: Uint8Array = NOTHING
  #payload_is_whole = false
  #sha256: Uint8Array | undefined
  #closing = false

  constructor(start: SessionStart, room: SessionRoom) {
    this.start = start
    this.#room = room
    this.#last_ms = start.now_ms
    this.#end_by_ms = start.now_ms + room.bounds.answer_session_ms_max
  }

  opened(): void {
    this.#guarded(() => this.start.dialogue.opened?.(this.start.transcript))
    this.#answer()
  }

  /** Bytes came. */
  data(chunk: Uint8Array, now_ms: number): void {
    if (this.#closing) return
    const { bounds, counters } = this.#room
    this.#last_ms = now_ms
    this.#bytes_in += chunk.length
    counters.tcp_bytes_in += chunk.length
    if (!this.#payload_is_whole) this.#keep(chunk)
    this.#pending = this.#pending.length === 0 ? chunk : joined(this.#pending, chunk)
    this.#guarded(() => this.#converse())
    // What a dialogue leaves is copied: the chunk may be a small part of a large block.
    this.#pending = this.#pending.length === 0 ? NOTHING : Uint8Array.from(this.#pending)
    this.#hold()
    this.#answer()
    if (this.#closing) return
    if (this.#bytes_in > bounds.answer_in_bytes_max || this.#pending.length > bounds.answer_pending_bytes_max) {
      counters.tcp_cut_bytes++
      this.cut()
    } else if (this.#room.held_bytes > bounds.answer_held_bytes_max) {
      counters.tcp_cut_memory++
      this.cut()
    }
  }

  #converse(): void {
    const { dialogue, transcript } = this.start
    while (this.#pending.length > 0 && !transcript.ended) {
      const taken = dialogue.take(this.#pending, transcript)
      if (taken <= 0) return
      this.#pending = this.#pending.subarray(taken)
    }
  }

  /** A stranger's bytes must not stop the sensor, not even through a mistake of ours; it is counted. */
  #guarded(part: () => void): void {
    try {
      part()
    } catch {
      this.#room.counters.dialogues_failed++
      this.start.transcript.end()
    }
  }

  #keep(chunk: Uint8Array): void {
    const left = this.#room.bounds.answer_pending_bytes_max - this.#payload.length
    if (chunk.length > left) this.start.transcript.truncated = true
    this.#payload = joined(this.#payload, chunk.subarray(0, left))
  }

  /** Of a payload that is answered only its hash and first bytes are kept. */
  #closePayload(): void {
    if (this.#payload_is_whole) return
    this.#payload_is_whole = true
    if (this.#payload.length === 0) return
    this.#sha256 = createHash('sha256').update(this.#payload).digest()
    if (this.#payload.length > interactionBounds.sample_bytes_max) this.#payload = this.#payload.slice(0, interactionBounds.sample_bytes_max)
  }

  #hold(): void {
    const held = this.#pending.length + this.#payload.length + this.start.socket.writableLength + this.start.transcript.kept_bytes
    this.#room.held_bytes += held - this.#held
    this.#held = held
  }

  #answer(): void {
    const { socket, transcript } = this.start
    const { bounds, counters } = this.#room
    const out = transcript.takeOut()
    if (out.length > 0) {
      if (this.#bytes_in > 0) this.#closePayload()
      if (this.#bytes_out + out.length > bounds.answer_out_bytes_max) {
        counters.tcp_cut_bytes++
        this.cut()
        return
      }
      this.#bytes_out += out.length
      counters.tcp_bytes_out += out.length
      socket.write(out)
      this.#hold()
    }
    if (transcript.ended) this.#close()
  }

  #close(): void {
    if (this.#closing) return
    this.#closing = true
    this.#end_by_ms = Math.min(this.#end_by_ms, this.#last_ms + LINGER_MS)
    this.start.socket.end()
  }

  /** Ends at once, with what there is. */
  cut(): void {
    this.start.transcript.truncated = true
    this.#closing = true
    this.start.socket.destroy()
  }

  /** Whether its time is over at `now_ms`; then it is ended. Silence after the end of the dialogue is no cut. */
  expire(now_ms: number): void {
    if (now_ms < this.#end_by_ms && now_ms - this.#last_ms < this.#room.bounds.answer_idle_ms_max) return
    if (this.#closing) return void this.start.socket.destroy()
    this.#room.counters.tcp_cut_time++
    this.cut()
  }

  /** The record, when the socket has closed; gives back what it held. `mask` takes own addresses out of the sample. */
  closed(now_ms: number, clock_error_ms: number, mask: (bytes: Uint8Array) => Uint8Array): Interaction {
    this.#closePayload()
    this.#room.held_bytes -= this.#held
    this.#held = 0
    const { peer, src_port, dst_port, at_ms, now_ms: started_ms, transcript } = this.start
    return {
      at_ms, clock_error_ms, src: peer.address, src_port, dst_port, transport: 'tcp',
      bytes_in: this.#bytes_in, bytes_out: this.#bytes_out, requests: 1, duration_ms: Math.max(0, Math.round(now_ms - started_ms)),
      payload_sha256: this.#sha256, sample: mask(this.#payload.subarray(0, interactionBounds.sample_bytes_max)), ...transcript.said(),
    }
  }
}
