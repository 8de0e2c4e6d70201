import { WorkerFailed } from './engine-worker.ts'
import { whyNotKept } from './worker/why-not-kept.ts'

/** Why work with stores, files and a thread ended, for people. */
export function whyFailed(error: unknown): string {
  if (error instanceof WorkerFailed) return error.message
  const { syscall, path } = error as { readonly syscall?: unknown; readonly path?: unknown }
  // What connects to a store has no path of a file.
  if (typeof syscall === 'string' && typeof path === 'string') return `a file cannot be used: ${whyNotKept(error)}`
  return 'a store does not answer'
}
