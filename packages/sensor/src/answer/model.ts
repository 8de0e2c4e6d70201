import type { Persona } from './persona.ts'

/** What a dialogue may say about what it heard. It reaches no socket, file or clock: only this. */
export interface Talk {
  /** A fact of the protocol by its registered name; further values of one name are appended, each once. */
  fact(name: string, value: string | number): void
  login(user: string, password: string): void
  /** As the client wrote it; nothing is ever fetched. */
  url(text: string): void
  /** What came is what the protocol asks for: the record says `dialogue`. */
  spoke(): void
  /** A tool or family, and the rule that says so. */
  guess(name: string, rule: string): void
}

/** The same within a TCP session. */
export interface SessionTalk extends Talk {
  send(bytes: Uint8Array): void
  /** The client turned out to speak this protocol. */
  is(protocol: string): void
  /** Closes once everything is sent. */
  end(): void
}

/** What dialogues know of the outside. */
export interface Setting {
  readonly persona: Persona
  random(bytes: number): Uint8Array
  /** Milliseconds since 1970. */
  now(): number
}

/** One side of a TCP conversation: a state machine over bytes. */
export interface Dialogue {
  /** For protocols in which the server speaks first. */
  opened?(talk: SessionTalk): void
  /**
   * Takes what it can use from the start of `bytes` and says how many; 0 waits for more. What is not taken comes again,
   * longer. The bytes are valid only during the call.
   */
  take(bytes: Uint8Array, talk: SessionTalk): number
}

export interface TcpProtocol {
  readonly name: string
  begin(setting: Setting): Dialogue
  /** Whether a first payload on a port without a protocol of its own is this one. */
  recognises?(bytes: Uint8Array): boolean
}

/** Where a datagram came from; only what protocols put into answers. */
export interface Asker {
  readonly address: Uint8Array
  readonly port: number
}

export interface UdpProtocol {
  readonly name: string
  /** Answers by preference, the first that the bounds allow is sent; empty: none. */
  answer(request: Uint8Array, talk: Talk, setting: Setting, asker: Asker): readonly Uint8Array[]
}
