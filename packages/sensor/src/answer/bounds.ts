const KiB = 1024
const MiB = 1024 * KiB

/**
 * Every bound of the answering side with its default; set like all bounds of the sensor. A *net* is an IPv4 /24 or an
 * IPv6 /48. What each refuses is counted by `AnswerCounters`.
 */
export const answerBounds = {
  /** Open TCP sessions. From half of it on a source and a net may hold only a quarter of theirs. */
  answer_sessions_max: 10_000,
  answer_sessions_per_source_max: 64,
  answer_sessions_per_net_max: 512,
  answer_new_per_source_minute_max: 600,
  answer_new_per_net_minute_max: 3_000,
  answer_session_ms_max: 60_000,
  answer_idle_ms_max: 15_000,
  /** Bytes of one session, each way. */
  answer_in_bytes_max: 64 * KiB,
  answer_out_bytes_max: 64 * KiB,
  /** Bytes of one session that a dialogue has not taken yet, and that are kept of its first payload. */
  answer_pending_bytes_max: 16 * KiB,
  /** The same over all sessions, with what they have not sent yet and what was noted of them. */
  answer_held_bytes_max: 32 * MiB,
  /** Rows of interactions that go to the spool, so that a flood of them cannot drive out the flows. */
  answer_record_bytes_per_minute_max: 16 * MiB,
  /** Bytes on the wire that one net gets beyond what it sent, once per `answer_udp_first_ms`. */
  answer_udp_first_bytes_max: 512,
  answer_udp_first_ms: 86_400_000,
  /** Sources and nets whose sums are remembered; others get at most what their own packet held. */
  answer_udp_sources_max: 50_000,
  answer_udp_nets_max: 100_000,
  answer_udp_answers_per_source_minute_max: 10,
  answer_udp_answers_per_net_minute_max: 30,
  answer_udp_out_bytes_per_second_max: 64 * KiB,
  /** Records of UDP that are open at once, one per source and port asked; requests beyond it are only counted. */
  answer_udp_records_max: 10_000,
} as const satisfies Record<string, number>

export type AnswerBounds = { readonly [Name in keyof typeof answerBounds]: number }

/** What the answering side did and refused since the start; numbers only, in the heartbeat and in status.json. */
export interface AnswerCounters {
  tcp_sessions: number
  tcp_open: number
  tcp_bytes_in: number
  tcp_bytes_out: number
  /** Sessions that were closed at once: over the bound of a source, a net, the node, or of new ones per minute. */
  tcp_refused_source: number
  tcp_refused_net: number
  tcp_refused_node: number
  tcp_refused_rate: number
  /** Sessions that were ended: over time, over bytes, over memory. */
  tcp_cut_time: number
  tcp_cut_bytes: number
  tcp_cut_memory: number
  udp_requests: number
  udp_answers: number
  /** Payload with IP and UDP headers. */
  udp_bytes_in: number
  udp_bytes_out: number
  /** Requests that a dialogue would have answered: over the bound of bytes, of answers, or from an address or port that is never answered. */
  udp_unanswered_bytes: number
  udp_unanswered_rate: number
  udp_unanswered_source: number
  /** Requests while no permission is recorded. */
  udp_unanswered_permission: number
  /** Requests that stand in no record because too many were open. */
  udp_unrecorded: number
  interactions: number
  /** Interactions that were not kept: over bytes per minute, or the disk was behind. */
  interactions_shed: number
  /** Sessions and requests in which a dialogue failed; each is a bug. */
  dialogues_failed: number
}

export const zeroCounters = (): AnswerCounters => ({
  tcp_sessions: 0, tcp_open: 0, tcp_bytes_in: 0, tcp_bytes_out: 0, tcp_refused_source: 0, tcp_refused_net: 0, tcp_refused_node: 0,
  tcp_refused_rate: 0, tcp_cut_time: 0, tcp_cut_bytes: 0, tcp_cut_memory: 0, udp_requests: 0, udp_answers: 0, udp_bytes_in: 0,
  udp_bytes_out: 0, udp_unanswered_bytes: 0, udp_unanswered_rate: 0, udp_unanswered_source: 0, udp_unanswered_permission: 0,
  udp_unrecorded: 0, interactions: 0, interactions_shed: 0, dialogues_failed: 0,
})
