// Talks to dialogues without a socket: bytes in, bytes out and what was said.
import type { Interaction } from '@hirundo/formats'
import type { Asker, Setting, TcpProtocol, UdpProtocol } from './model.ts'
import { defaultPersona } from './persona.ts'
import { Transcript } from './transcript.ts'

export const setting: Setting = {
  persona: defaultPersona, now: () => 1_767_225_600_000, random: (bytes) => new Uint8Array(bytes).map((_, place) => 7 * place + 1),
}

export interface Talked {
  /** What was sent on opening and after each piece. */
  readonly out: readonly Buffer[]
  readonly said: Pick<Interaction, 'protocol' | 'handshake' | 'logins' | 'urls' | 'facts' | 'guess'>
  readonly ended: boolean
}

/** Leads a session in which the client sends the pieces, as the engine would. */
export function talkTo(protocol: TcpProtocol, ...pieces: readonly (Uint8Array | string)[]): Talked {
  const transcript = new Transcript(protocol.name, 'completed', (text) => text)
  const dialogue = protocol.begin(setting)
  dialogue.opened?.(transcript)
  const out = [Buffer.from(transcript.takeOut())]
  let pending: Uint8Array = new Uint8Array(0)
  for (const piece of pieces) {
    pending = Buffer.concat([pending, typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece])
    while (pending.length > 0 && !transcript.ended) {
      const taken = dialogue.take(pending, transcript)
      if (taken <= 0) break
      pending = pending.subarray(taken)
    }
    out.push(Buffer.from(transcript.takeOut()))
  }
  return { out, said: transcript.said(), ended: transcript.ended }
}

export const asker: Asker = { address: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 198, 51, 100, 7), port: 40_000 }

/** One datagram; the answers by preference and what was said. */
export function askOnce(protocol: UdpProtocol, request: Uint8Array | string): { readonly answers: readonly Buffer[]; readonly said: Talked['said'] } {
  const transcript = new Transcript(protocol.name, 'none', (text) => text)
  const answers = protocol.answer(typeof request === 'string' ? Buffer.from(request, 'latin1') : request, transcript, setting, asker)
  return { answers: answers.map((answer) => Buffer.from(answer)), said: transcript.said() }
}
