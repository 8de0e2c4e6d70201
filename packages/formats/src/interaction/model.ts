/** What a scanner did with a sensor that answers: the second kind of observation beside flow tuples. */
export interface Interaction {
  /** Milliseconds since 1970 UTC of the first packet, by the sensor's clock. */
  readonly at_ms: number
  /** How far that clock may be off (from the node's answers to heartbeats); −1: not known. RFC 6302 needs the instant. */
  readonly clock_error_ms: number
  /** 16 bytes, IPv4 mapped. */
  readonly src: Uint8Array
  /** An ISP behind CGNAT finds its customer only with the source port (RFC 6302). */
  readonly src_port: number
  readonly dst_port: number
  readonly transport: 'tcp' | 'udp'
  /**
   * `none`: no proof that the source is there (any UDP request, a SYN). `completed`: the address answered the
   * handshake, so it is not spoofed. `dialogue`: it then sent what the protocol asks for. Neither says that the machine
   * is infected.
   */
  readonly handshake: 'none' | 'completed' | 'dialogue'
  /** Which responder spoke: `telnet`, `http`, `modbus`, `any` … */
  readonly protocol: string
  readonly bytes_in: number
  readonly bytes_out: number
  /** Requests of this source to this port that were folded into one record (UDP); 1 for a TCP session. */
  readonly requests: number
  readonly duration_ms: number
  /** SHA-256 of the first payload, whole as far as it was read; absent when nothing came. */
  readonly payload_sha256: Uint8Array | undefined
  /** Its first bytes. */
  readonly sample: Uint8Array
  /** Whether a bound cut the payload, a list or the session. */
  readonly truncated: boolean
  readonly logins: readonly Login[]
  /** As the client wrote them; nothing is ever fetched. */
  readonly urls: readonly string[]
  /** Facts of the protocol by registered names: `http.path`, `tls.ja4`, `modbus.function`, `ntp.mode` … */
  readonly facts: Readonly<Record<string, string>>
  /** Tool or family that a rule recognises, and which rule fired: a guess with its reason. */
  readonly guess: { readonly name: string; readonly rule: string } | undefined
}

export interface Login {
  readonly user: string
  readonly password: string
}

/** Bounds of one record; what is longer is cut and `truncated` is set. */
export const interactionBounds = {
  sample_bytes_max: 1024,
  logins_max: 16,
  login_chars_max: 128,
  urls_max: 16,
  url_chars_max: 1024,
  facts_max: 32,
  fact_name_chars_max: 48,
  fact_chars_max: 512,
  protocol_chars_max: 32,
  guess_chars_max: 64,
  row_bytes_max: 32 * 1024,
} as const
