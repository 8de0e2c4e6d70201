import { createHmac } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MS = 30_000

function base32(text: string): Buffer {
  const bits = [...text.toUpperCase().replaceAll('=', '')].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** The code of an authenticator app (RFC 6238, SHA-1, six digits, 30 s) at an instant; each is good for one sign-in. */
export function totpCode(secret: string, now_ms: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now_ms / STEP_MS)))
  const mac = createHmac('sha1', base32(secret)).update(counter).digest()
  // RFC 4226 section 5.3: the last four bits say where the number begins.
  const number = mac.readUInt32BE(mac.at(-1)! & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** The instant of the next code, `steps` codes from now: a node takes one step of clock difference. */
export const codeTime = (now_ms: number, steps: number): number => now_ms + steps * STEP_MS
