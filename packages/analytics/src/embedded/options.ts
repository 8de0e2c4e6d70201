/** What the child is told at its start, as one JSON argument. Bounds name their unit. */
export interface ChildOptions {
  readonly directory: string
  readonly socket_path: string
  /** Where request bodies wait for their INSERT; emptied at every start. */
  readonly spool_directory: string
  readonly reader_sessions: number
  /** More than one, so that blocks are written while a rollup is computed. */
  readonly writer_sessions: number
  /** `max_server_memory_usage`: the cap over all queries, merges and caches. */
  readonly memory_bytes_max: number
  readonly query_memory_bytes_max: number
  readonly query_seconds_max: number
  readonly insert_seconds_max: number
  readonly result_bytes_max: number
  readonly body_bytes_max: number
  readonly queue_requests_max: number
  readonly lock_wait_ms_max: number
}

/** What the child prints on stdout once it answers. */
export interface ReadyMessage {
  readonly ready: true
  readonly version: string
  /** Detached parts that the engine found broken, as `table/part: reason`. */
  readonly broken_parts: readonly string[]
}

const MiB = 1024 * 1024

/** Bounds that suit a node of 2 cores; the caller may override each. */
export const childDefaults = {
  reader_sessions: 3,
  writer_sessions: 2,
  memory_bytes_max: 900 * MiB,
  query_memory_bytes_max: 500 * MiB,
  query_seconds_max: 20,
  insert_seconds_max: 600,
  result_bytes_max: 64 * MiB,
  body_bytes_max: 256 * MiB,
  queue_requests_max: 256,
  lock_wait_ms_max: 30_000,
} as const
