import { createHash } from 'node:crypto'
import { bytesOf, joined, latin1, lineOf, startsWith, u32be, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'

const LINE_BYTES_MAX = 255
const PACKET_BYTES_MAX = 12 * 1024
const KEXINIT = 20
const DISCONNECT = 1
const KEY_EXCHANGE_FAILED = 3
const LISTS = 10

/** What we offer: names that clients of today share with us, so that they show how they would go on. */
const OFFER = [
  'curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256', 'ssh-ed25519,rsa-sha2-512,rsa-sha2-256',
  'chacha20-poly1305@openssh.com,aes256-ctr,aes128-ctr', 'chacha20-poly1305@openssh.com,aes256-ctr,aes128-ctr',
  'hmac-sha2-256,hmac-sha2-512', 'hmac-sha2-256,hmac-sha2-512', 'none', 'none', '', '',
]

/** SSH (RFC 4253) up to the client's offer of algorithms, of which the HASSH fingerprint is kept. There are no keys here. */
export const ssh: TcpProtocol = { name: 'ssh', begin: (setting) => new Ssh(setting), recognises: (bytes) => startsWith(bytes, 0x53, 0x53, 0x48, 0x2d) }

class Ssh implements Dialogue {
  readonly #setting: Setting
  #has_version = false

  constructor(setting: Setting) {
    this.#setting = setting
  }

  opened(talk: SessionTalk): void {
    talk.send(bytesOf(`${this.#setting.persona.ssh_version}\r\n`))
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    return this.#has_version ? takePacket(bytes, talk) : this.#takeVersion(bytes, talk)
  }

  #takeVersion(bytes: Uint8Array, talk: SessionTalk): number {
    const line = lineOf(bytes, LINE_BYTES_MAX)
    if (!line) return 0
    if (!line.text.startsWith('SSH-')) {
      talk.send(bytesOf('Invalid SSH identification string.\r\n'))
      talk.end()
      return line.bytes
    }
    this.#has_version = true
    talk.spoke()
    talk.fact('ssh.client_version', line.text)
    talk.send(packet(joined(Uint8Array.of(KEXINIT), this.#setting.random(16), ...OFFER.map(nameList), new Uint8Array(5))))
    return line.bytes
  }
}

const nameList = (names: string): Uint8Array => joined(u32be(names.length), bytesOf(names))

/** Unencrypted binary packet of section 6: length, padding to multiples of eight. */
function packet(payload: Uint8Array): Uint8Array {
  const padding = 8 + ((8 - ((payload.length + 5 + 8) % 8)) % 8)
  return joined(u32be(1 + payload.length + padding), Uint8Array.of(padding), payload, new Uint8Array(padding))
}

function takePacket(bytes: Uint8Array, talk: SessionTalk): number {
  if (bytes.length < 6) return 0
  const length = viewOf(bytes).getUint32(0)
  const padding = bytes[4]!
  if (length > PACKET_BYTES_MAX || length < padding + 2) {
    talk.end()
    return bytes.length
  }
  if (bytes.length < 4 + length) return 0
  const payload = bytes.subarray(5, 4 + length - padding)
  if (payload[0] === KEXINIT) noteOffer(payload, talk)
  else {
    const why = 'Unable to negotiate'
    talk.send(packet(joined(Uint8Array.of(DISCONNECT), u32be(KEY_EXCHANGE_FAILED), nameList(why), u32be(0))))
    talk.end()
  }
  return 4 + length
}

/** HASSH (Salesforce): MD5 over key exchange, ciphers, MACs and compressions that the client offers for its direction. */
function noteOffer(payload: Uint8Array, talk: SessionTalk): void {
  const view = viewOf(payload)
  const lists: string[] = []
  for (let at = 17; lists.length < LISTS && at + 4 <= payload.length; ) {
    const length = view.getUint32(at)
    if (at + 4 + length > payload.length) return
    lists.push(latin1(payload, at + 4, at + 4 + length))
    at += 4 + length
  }
  if (lists.length < LISTS) return
  const [kex, , ciphers, , macs, , compressions] = lists
  talk.fact('ssh.hassh', createHash('md5').update(`${kex};${ciphers};${macs};${compressions}`).digest('hex'))
}
