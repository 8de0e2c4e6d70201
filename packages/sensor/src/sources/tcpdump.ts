import { formatCidr, type Cidr } from '@hirundo/base'
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { CaptureStream, Source } from './source.ts'

const SNAP_BYTES = 192
const RESTART_MS_MIN = 1_000
const RESTART_MS_MAX = 60_000
/** A life shorter than this makes the next pause longer. */
const STABLE_MS_MIN = 30_000
const COUNTERS_EVERY_MS = 10_000
const STDERR_LINE_MAX = 4_096
const FILTER_NETWORKS_MAX = 64

/** Where replies to this machine's own requests come from. */
export interface OwnPeer {
  readonly address: string
  readonly port: number
}

export interface TcpdumpOptions {
  readonly interface: string
  readonly destinations: readonly Cidr[]
  /** Whose replies to us are our own business: those of the node. What else its machine sends is an observation. */
  readonly own_peers: readonly OwnPeer[]
  /** The program; a name is looked up in PATH. */
  readonly program?: string
  readonly log: Log
}

type Child = ChildProcessByStdio<null, Readable, Readable>

/** Why tcpdump cannot capture here, in words that say what to do. */
export class CaptureRefused extends Error {}

/** A filter in pcap's language that keeps other people's traffic out of the pipe; undefined for everything. */
export function captureFilter(destinations: readonly Cidr[], own_peers: readonly OwnPeer[]): string | undefined {
  const parts: string[] = []
  if (destinations.length > 0 && destinations.length <= FILTER_NETWORKS_MAX) {
    parts.push(`(${destinations.map((cidr) => `dst net ${formatCidr(cidr)}`).join(' or ')})`)
  }
  for (const { address, port } of own_peers) parts.push(`not (src host ${address} and tcp src port ${port})`)
  return parts.length === 0 ? undefined : parts.join(' and ')
}

/** Live packets of one interface through a tcpdump child, begun again with growing pauses when it ends. */
export class TcpdumpSource implements Source {
  readonly live = true
  readonly #options: TcpdumpOptions
  #child: Child | undefined
  #dropped_before = 0
  #dropped_now = 0
  #restarts = 0
  #messages: string[] = []

  constructor(options: TcpdumpOptions) {
    this.#options = options
  }

  get watching(): boolean {
    return this.#child !== undefined
  }

  get dropped(): number {
    return this.#dropped_before + this.#dropped_now
  }

  get restarts(): number {
    return this.#restarts
  }

  /** Throws `CaptureRefused` when the first start fails for a reason that waiting does not cure. */
  async *streams(signal: AbortSignal): AsyncIterable<CaptureStream> {
    let pause_ms = RESTART_MS_MIN
    while (!signal.aborted) {
      const started = performance.now()
      yield { name: this.#options.interface, chunks: this.#life(signal) }
      if (signal.aborted) return
      const refusal = refusalOf(this.#messages)
      if (refusal !== undefined && this.#restarts === 0 && performance.now() - started < STABLE_MS_MIN) {
        throw new CaptureRefused(refusal)
      }
      if (performance.now() - started > STABLE_MS_MIN) pause_ms = RESTART_MS_MIN
      this.#restarts++
      this.#options.log.warn('tcpdump ended and is started again', {
        pause_ms, said: this.#messages.at(-1) ?? 'nothing',
      })
      await sleep(pause_ms, undefined, { signal }).catch(() => undefined)
      pause_ms = Math.min(2 * pause_ms, RESTART_MS_MAX)
    }
  }

  async *#life(signal: AbortSignal): AsyncIterable<Uint8Array> {
    const filter = captureFilter(this.#options.destinations, this.#options.own_peers)
    const args = ['-i', this.#options.interface, '-n', '-p', '-U', '-s', String(SNAP_BYTES), '-w', '-']
    const child = spawn(this.#options.program ?? 'tcpdump', filter === undefined ? args : [...args, filter], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#messages = []
    this.#dropped_now = 0
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        this.#messages.push(error.code === 'ENOENT' ? 'ENOENT' : error.message)
        resolve()
      })
      child.once('close', () => resolve())
    })
    this.#readMessages(child)
    const stop = (): void => void child.kill('SIGINT')
    signal.addEventListener('abort', stop, { once: true })
    const asking = setInterval(() => child.kill('SIGUSR1'), COUNTERS_EVERY_MS)
    try {
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        // Watched from the first byte on: tcpdump writes the file header when the interface is open.
        this.#child = child
        yield chunk
      }
    } finally {
      clearInterval(asking)
      signal.removeEventListener('abort', stop)
      child.kill('SIGINT')
      await ended
      this.#child = undefined
      this.#dropped_before += this.#dropped_now
      this.#dropped_now = 0
    }
  }

  #readMessages(child: Child): void {
    let rest = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).slice(-4 * STDERR_LINE_MAX).split('\n')
      rest = lines.pop()!.slice(-STDERR_LINE_MAX)
      for (const line of lines) {
        this.#messages = [...this.#messages.slice(-9), withoutAddresses(line.slice(0, STDERR_LINE_MAX))]
        const dropped = /(\d+) packets? dropped by kernel/.exec(line)
        if (dropped) this.#dropped_now = Math.max(this.#dropped_now, Number(dropped[1]))
      }
    })
  }
}

/** tcpdump may repeat the filter, and with it the sensor's addresses, which no message may show. */
const withoutAddresses = (line: string): string => line.replace(/[0-9a-f]*[.:][0-9a-f.:]+(\/\d+)?/gi, (text) => (/\d/.test(text) ? '[address]' : text))

function refusalOf(messages: readonly string[]): string | undefined {
  const text = messages.join('\n')
  if (text.includes('ENOENT')) return 'tcpdump is not installed (Debian, Ubuntu: apt-get install tcpdump)'
  if (/permission|not permitted/i.test(text)) {
    return 'tcpdump may not capture. Either run the sensor as root, or once as root: ' +
      'groupadd -f pcap; usermod -aG pcap USER; chgrp pcap "$(command -v tcpdump)"; chmod 750 "$(command -v tcpdump)"; ' +
      'setcap cap_net_raw,cap_net_admin=eip "$(command -v tcpdump)"'
  }
  if (/no such device|doesn't exist|syntax error/i.test(text)) return messages.findLast((line) => line.startsWith('tcpdump:')) ?? text
  return undefined
}
