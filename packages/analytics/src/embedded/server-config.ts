import type { ChildOptions } from './options.ts'

const MiB = 1024 * 1024

/** Server configuration of the engine (XML, by `--config-file`): what sessions cannot set. */
export function serverConfig(options: ChildOptions): string {
  const server = {
    max_server_memory_usage: options.memory_bytes_max,
    mark_cache_size: 64 * MiB,
    primary_index_cache_size: 64 * MiB,
    uncompressed_cache_size: 0,
    index_mark_cache_size: 8 * MiB,
    index_uncompressed_cache_size: 0,
    query_condition_cache_size: 8 * MiB,
    mmap_cache_size: 0,
    compiled_expression_cache_size: 16 * MiB,
    // Two cores: a few background threads are enough, and each holds arenas and buffers.
    background_pool_size: 2,
    background_merges_mutations_concurrency_ratio: 2,
    background_schedule_pool_size: 4,
    background_common_pool_size: 2,
    background_move_pool_size: 1,
    background_fetches_pool_size: 1,
    max_active_parts_loading_thread_pool_size: 2,
    max_io_thread_pool_size: 16,
    backup_threads: 2,
    restore_threads: 2,
  }
  const mergeTree = {
    // A merge wider than this would hold too much memory and disk at once on a small node.
    max_bytes_to_merge_at_max_space_in_pool: 20 * 1024 * MiB,
    number_of_free_entries_in_pool_to_lower_max_size_of_merge: 2,
    number_of_free_entries_in_pool_to_execute_mutation: 2,
    number_of_free_entries_in_pool_to_execute_optimize_entire_partition: 2,
  }
  return `<clickhouse>${elements(server)}<merge_tree>${elements(mergeTree)}</merge_tree></clickhouse>\n`
}

const elements = (of: Record<string, number>): string =>
  Object.entries(of).map(([name, value]) => `<${name}>${value}</${name}>`).join('')

/** Settings every query starts from; a request may name others but never these in `fixedSettings`. */
export function sessionSettings(options: ChildOptions, writer: boolean): Record<string, string | number> {
  return {
    async_insert: 0,
    max_memory_usage: options.query_memory_bytes_max,
    max_execution_time: writer ? options.insert_seconds_max : options.query_seconds_max,
    timeout_overflow_mode: 'throw',
    output_format_json_quote_64bit_integers: 0,
    session_timezone: 'UTC',
    // The engine gives a statement one thread for each free GiB, and all of it may have less: every question ran on one
    // core. Rollups stay on one, as their memory grows with their threads.
    ...(writer ? {} : { max_threads_min_free_memory_per_thread: 0 }),
  }
}

/** A request may lower these, not raise them. */
export const cappedSettings = ['max_memory_usage', 'max_execution_time'] as const
