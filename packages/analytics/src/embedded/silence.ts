import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Pings are counted, not the time: when we ourselves were stopped for long, that costs the child one of them. */
const PINGS_UNANSWERED_MAX = 6

/** Asks on a connection of its own; the child's event loop answers, whatever its sessions do. */
function answers(socket_path: string, within_ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: socket_path, path: '/ping', agent: false })
    const timer = setTimeout(() => asked.destroy(new Error('no answer in time')), within_ms)
    asked.once('response', (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.on('error', () => resolve(false))
    asked.once('close', () => clearTimeout(timer))
    asked.end()
  })
}

/**
 * Calls `then` once when nothing on the socket has answered for `silence_ms`: a process that is stopped or stuck, and
 * so never ends by itself. Watches until `ended`.
 */
export function whenSilent(socket_path: string, silence_ms: number, ended: Promise<unknown>, then: () => void): void {
  const over = new AbortController()
  void ended.then(() => over.abort())
  const ping_ms = silence_ms / PINGS_UNANSWERED_MAX
  const watch = async (): Promise<void> => {
    for (let unanswered = 0; unanswered < PINGS_UNANSWERED_MAX;) {
      const pause = sleep(ping_ms, undefined, { signal: over.signal }).catch(() => undefined)
      const [answered] = await Promise.all([answers(socket_path, ping_ms), pause])
      if (over.signal.aborted) return
      unanswered = answered ? 0 : unanswered + 1
    }
    then()
  }
  void watch()
}
