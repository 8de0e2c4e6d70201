import { tcpProtocols, udpProtocols } from './protocols.ts'
import { defaultPersona } from './persona.ts'
import { Transcript } from './transcript.ts'
import type { Dialogue, Setting } from './model.ts'

const PIECES_MAX = 3
const PIECE_BYTES_MAX = 2_000
/** What one first payload may at most make a dialogue send, and how often it may take. */
const OUT_BYTES_MAX = 512 * 1024
const setting: Setting = { persona: defaultPersona, now: () => 1_767_225_600_000, random: (bytes) => new Uint8Array(bytes).fill(7) }
const asker = { address: new Uint8Array(16), port: 40_000 }

/** First payloads as clients of each protocol send them: noise alone would not pass the first check. */
const seeds = [
  'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', 'SSH-2.0-x\r\n\0\0\0\x0c\x04\x14aaaaaaaaaa', 'root\r\npw\r\n\xff\xfd\x03\xff\xfa\x18\0x\xff\xf0', 'EHLO a\r\nAUTH PLAIN AGEAYg==\r\n',
  'USER a\r\nPASS b\r\n', '*2\r\n$4\r\nAUTH\r\n$1\r\na\r\n', '*1\r\n$4\r\nINFO\r\n', '\x10\x18\0\x04MQTT\x04\xc2\0\x3c\0\x02id\0\x04user\0\x02pw\x82\x08\0\x01\0\x03a/#\0', '\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0',
  '\x16\x03\x01\0\x2e\x01\0\0\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0\0\x02\x13\x01\x01\0\0\0', '\0\0\0\x2f\xffSMBr\0\0\0\0\x18\x01\x48\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0c\0\x02NT LM 0.12\0',
  'CNXN\0\0\0\x01\0\x10\0\0\0\0\0\0\0\0\0\0\xbc\xb1\xa7\xb1', '\0\x01\0\0\0\x06\x01\x03\0\0\0\x02', '\0\x01\0\0\0\x05\x01\x2b\x0e\x01\0', '\x03\0\0\x16\x11\xe0\0\0\0\x14\0\xc1\x02\x01\0\xc2\x02\x01\x02\xc0\x01\x0a\x03\0\0\x19\x02\xf0\x80\x32\x01\0\0\0\x01\0\x08\0\0\xf0\0\0\x01\0\x01\x01\xe0',
  '\x63\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0', '\x05\x64\x05\xc9\0\0\0\0\x36\x4c', '\x68\x04\x07\0\0\0\x68\x0e\0\0\0\0\x64\x01\x06\0\x01\0\0\0\0\x14', '\x55\0\0\x01\x85\xa2\x0f\0\0\0\0\x01\x21aaaaaaaaaaaaaaaaaaaaaaaroot\0\0',
  '\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03foo\0\0\xff\0\x01', '\x17\0\x03\x2a\0\0\0\0', '\x16\x02\0\x01\0\0\0\0\0\0\0\0', 'M-SEARCH * HTTP/1.1\r\nST: x\r\n\r\n', '0&\x02\x01\x01\x04\x06public\xa5\x19\x02\x01\x07\x02\x01\0\x02\x01\x050\x0e0\x0c\x06\x08+\x06\x01\x02\x01\x01\x01\0\x05\0',
  '\0\0\0\0\0\x01\0\0stats\r\n', '0%\x02\x01\x02c \x04\0\x0a\x01\0\x0a\x01\0\x02\x01\0\x02\x01\0\x01\x01\0\x87\x0bobjectClass0\0', '\0\0\0\x01\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x04', '\x41\x01\0\x01\xaa\xbb.well-known\x04core',
  '\0\x01\0\0\x21\x12\xa4\x42aaaaaaaaaaaa', '\x81\x0b\0\x0c\x01\x20\xff\xff\0\xff\x10\x08', '\x81\x0a\0\x11\x01\x04\0\x05\x01\x0c\x0c\x02\x3f\xff\xff\x19\x4b',
].map((text) => Buffer.from(text, 'latin1'))

/** Numbers that repeat for a seed (mulberry32). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** A seed, some of its bytes bent, cut, doubled, or lengths blown up; or noise. */
function payload(next: (below: number) => number): Uint8Array {
  const bytes = next(8) === 0 ? Buffer.from(Array.from({ length: next(64) }, () => next(256))) : Buffer.from(seeds[next(seeds.length)]!)
  for (let bends = next(6); bends > 0 && bytes.length > 0; bends--) bytes[next(bytes.length)] = next(4) === 0 ? 255 : next(256)
  const cut = bytes.subarray(0, next(3) === 0 ? next(bytes.length + 1) : bytes.length)
  const tail = next(4) === 0 ? Buffer.alloc(next(PIECE_BYTES_MAX), next(256)) : new Uint8Array(0)
  return Buffer.concat(next(4) === 0 ? [cut, cut, tail] : [cut, tail])
}

export interface FuzzResult {
  readonly runs: number
  /** Most bytes that one session sent. */
  readonly out_bytes_most: number
  /** Largest answer to one datagram. */
  readonly datagram_bytes_most: number
}

/**
 * Gives `runs` hostile payloads to every dialogue in turn. Throws with the seed's number when one throws, takes more
 * than there is, sends without end, or answers an answer (two sensors would talk for ever).
 */
export function fuzzDialogues(runs: number, seed: number): FuzzResult {
  const tcp = [...tcpProtocols.values()]
  const udp = [...udpProtocols.values()]
  const next = numbersFrom(seed)
  let out_bytes_most = 0
  let datagram_bytes_most = 0
  for (let run = 0; run < runs; run++) {
    const place = run % (tcp.length + udp.length)
    const transcript = new Transcript('fuzz', 'completed', (text) => text)
    const pieces = Array.from({ length: 1 + next(PIECES_MAX) }, () => payload(next))
    try {
      if (place >= tcp.length) {
        const protocol = udp[place - tcp.length]!
        for (const answer of protocol.answer(pieces[0]!, transcript, setting, asker)) {
          datagram_bytes_most = Math.max(datagram_bytes_most, answer.length)
          // CHARGEN answers everything; the engine sends nothing to its port.
          if (protocol.name !== 'chargen' && protocol.answer(answer, transcript, setting, asker).length > 0) throw new Error('answers its own answer')
        }
      } else out_bytes_most = Math.max(out_bytes_most, lead(tcp[place]!.begin(setting), pieces, transcript))
    } catch (error) {
      throw new Error(`seed ${seed}, run ${run}, ${place < tcp.length ? tcp[place]!.name : udp[place - tcp.length]!.name}: ${pieces.map((one) => Buffer.from(one).toString('hex')).join(' ')}`, { cause: error })
    }
  }
  return { runs, out_bytes_most, datagram_bytes_most }
}

/** A session over the pieces; bytes sent. */
function lead(dialogue: Dialogue, pieces: readonly Uint8Array[], transcript: Transcript): number {
  dialogue.opened?.(transcript)
  let pending: Uint8Array = new Uint8Array(0)
  let sent = transcript.takeOut().length
  for (const piece of pieces) {
    pending = Buffer.concat([pending, piece])
    while (pending.length > 0 && !transcript.ended) {
      const taken = dialogue.take(pending, transcript)
      if (taken > pending.length || taken < 0) throw new Error(`took ${taken} of ${pending.length} bytes`)
      if (taken === 0) break
      pending = pending.subarray(taken)
    }
    sent += transcript.takeOut().length
    if (sent > OUT_BYTES_MAX) throw new Error(`sent ${sent} bytes`)
  }
  return sent
}
