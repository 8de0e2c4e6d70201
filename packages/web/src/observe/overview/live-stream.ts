import { liveOverview, type LiveOverview } from '@hirundo/contract'

/** `paused`: by the reader, or because nobody sees the page. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'paused'

export interface LiveStreamOptions {
  readonly onDocument: (document: LiveOverview) => void
  readonly onState: (state: LiveState) => void
  /** The stream was refused: why, the plain answer tells. */
  readonly onRefused: () => void
}

/** Longer than two of the documents that come without any news. */
const SILENT_MS_MAX = 75_000
const RETRY_MS_MIN = 1000
const RETRY_MS_MAX = 30_000
/** A page that nobody sees holds none of the few lines that a browser opens to one node. */
const HIDDEN_MS_MAX = 60_000

/** The live overview over server-sent events: connects again by itself, and stops while nobody sees it. */
export class LiveStream {
  readonly #options: LiveStreamOptions
  #source: EventSource | undefined
  #retry_ms = RETRY_MS_MIN
  #timer: number | undefined
  #hidden: number | undefined
  #wanted = true

  constructor(options: LiveStreamOptions) {
    this.#options = options
    document.addEventListener('visibilitychange', this.#seen)
    this.#open('connecting')
  }

  #open(state: LiveState): void {
    this.#shut()
    this.#options.onState(state)
    const source = new EventSource(`/api/v1${liveOverview.path}`)
    this.#source = source
    source.addEventListener(liveOverview.events, (event) => {
      this.#retry_ms = RETRY_MS_MIN
      this.#watch()
      this.#options.onDocument(JSON.parse((event as MessageEvent<string>).data) as LiveOverview)
      this.#options.onState('live')
    })
    source.addEventListener('error', () => {
      this.#options.onState('reconnecting')
      // Refused by an answer that is no stream: the browser tries no more by itself.
      if (source.readyState === EventSource.CLOSED) this.#again()
    })
    this.#watch()
  }

  /** A line that is open and says nothing for long is dead, whatever the browser thinks. */
  #watch(): void {
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.#open('reconnecting'), SILENT_MS_MAX)
  }

  #again(): void {
    this.#options.onRefused()
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.#open('reconnecting'), this.#retry_ms * (0.75 + Math.random() / 2))
    this.#retry_ms = Math.min(RETRY_MS_MAX, this.#retry_ms * 2)
  }

  #shut(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = undefined
  }

  readonly #seen = (): void => {
    clearTimeout(this.#hidden)
    if (document.visibilityState === 'hidden') {
      this.#hidden = window.setTimeout(() => this.#source && this.#rest(), HIDDEN_MS_MAX)
    } else if (this.#wanted && !this.#source) this.#open('reconnecting')
  }

  #rest(): void {
    this.#shut()
    this.#options.onState('paused')
  }

  pause(): void {
    this.#wanted = false
    this.#rest()
  }

  resume(): void {
    this.#wanted = true
    this.#open('reconnecting')
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#seen)
    clearTimeout(this.#hidden)
    this.#shut()
  }
}
