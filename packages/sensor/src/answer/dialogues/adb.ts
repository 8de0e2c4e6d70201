import { bytesOf, joined, startsWith, u32le, urlsIn, utf8, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'

const HEAD_BYTES = 24
const DATA_BYTES_MAX = 4096
const MESSAGES_MAX = 64
const VERSION = 0x0100_0000
const code = (name: string): number => Buffer.from(name, 'latin1').readUInt32LE(0)
const [CNXN, OPEN, OKAY, CLSE, WRTE] = ['CNXN', 'OPEN', 'OKAY', 'CLSE', 'WRTE'].map(code) as [number, number, number, number, number]

/** Android Debug Bridge (AOSP, protocol.txt): a device that takes every command and runs none. */
export const adb: TcpProtocol = { name: 'adb', begin: (setting) => new Adb(setting), recognises: (bytes) => startsWith(bytes, 0x43, 0x4e, 0x58, 0x4e) }

function message(command: number, arg0: number, arg1: number, data: Uint8Array): Uint8Array {
  const sum = data.reduce((total, byte) => total + byte, 0)
  return joined(u32le(command, arg0, arg1, data.length, sum, command ^ 0xffff_ffff), data)
}

class Adb implements Dialogue {
  readonly #setting: Setting
  #messages = 0

  constructor(setting: Setting) {
    this.#setting = setting
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (bytes.length < HEAD_BYTES) return 0
    const view = viewOf(bytes)
    const length = view.getUint32(12, true)
    const command = view.getUint32(0, true)
    if (length > DATA_BYTES_MAX || (view.getUint32(20, true) ^ 0xffff_ffff) >>> 0 !== command || ++this.#messages > MESSAGES_MAX) {
      talk.end()
      return bytes.length
    }
    if (bytes.length < HEAD_BYTES + length) return 0
    this.#answer(command, view.getUint32(4, true), utf8(bytes, HEAD_BYTES, HEAD_BYTES + length), talk)
    return HEAD_BYTES + length
  }

  #answer(command: number, arg0: number, data: string, talk: SessionTalk): void {
    if (command === CNXN) {
      talk.spoke()
      talk.fact('adb.host', data.replace(/\0+$/, ''))
      talk.send(message(CNXN, VERSION, DATA_BYTES_MAX, bytesOf(`device::${this.#setting.persona.adb_product}\0`)))
    } else if (command === OPEN) {
      const service = data.replace(/\0+$/, '')
      talk.fact('adb.open', service)
      for (const url of urlsIn(service)) talk.url(url)
      talk.send(message(OKAY, 1, arg0, new Uint8Array(0)))
      // A one-shot command ends without a word; a shell stays open for more.
      if (service.startsWith('shell:') && service !== 'shell:') talk.send(message(CLSE, 1, arg0, new Uint8Array(0)))
    } else if (command === WRTE) {
      talk.fact('adb.wrote', data)
      for (const url of urlsIn(data)) talk.url(url)
      talk.send(message(OKAY, 1, arg0, new Uint8Array(0)))
    } else if (command === CLSE) talk.send(message(CLSE, 1, arg0, new Uint8Array(0)))
  }
}
