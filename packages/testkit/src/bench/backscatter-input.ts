import { closeSync, openSync, writeSync } from 'node:fs'
import { Random } from '../traffic/random.ts'

const RECORD = 16
const PACKET = 40
const CHUNK_PACKETS = 65_536
const RAW_IP = 101
/** Victims: the first answer often, the last hardly ever. */
const VICTIMS = 50_000
const FIRST_VICTIM = 0xf0000000
/** 198.18.0.0/16. */
const OURS = 0xc6120000

/** Nothing but answers of victims to forged sources, in time order: what costs a detector of attacks most. Same seed, same bytes. */
export function writeBackscatter(path: string, packets: number, seconds: number, seed: number): void {
  const random = new Random(seed, 1, 1)
  const file = openSync(path, 'w')
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(65_535, 16)
  header.writeUInt32LE(RAW_IP, 20)
  writeSync(file, header)
  const chunk = Buffer.alloc(CHUNK_PACKETS * (RECORD + PACKET))
  const start = Date.UTC(2026, 0, 1) / 1000
  for (let sent = 0; sent < packets;) {
    const count = Math.min(CHUNK_PACKETS, packets - sent)
    for (let i = 0; i < count; i++, sent++) writePacket(chunk, i * (RECORD + PACKET), start + (sent / packets) * seconds, random)
    writeSync(file, chunk, 0, count * (RECORD + PACKET))
  }
  closeSync(file)
}

function writePacket(out: Buffer, at: number, second: number, random: Random): void {
  out.writeUInt32LE(Math.floor(second), at)
  out.writeUInt32LE(Math.floor((second % 1) * 1e6), at + 4)
  out.writeUInt32LE(PACKET, at + 8)
  out.writeUInt32LE(PACKET, at + 12)
  const ip = at + RECORD
  out.fill(0, ip, ip + PACKET)
  out.writeUInt16BE(0x4500, ip)
  out.writeUInt16BE(PACKET, ip + 2)
  out.writeUInt16BE(random.below(65_536), ip + 4)
  out.writeUInt16BE(0x3206, ip + 8)
  out.writeUInt32BE(FIRST_VICTIM + Math.floor(VICTIMS * random.unit() ** 2), ip + 12)
  out.writeUInt32BE(OURS + random.below(65_536), ip + 16)
  out.writeUInt16BE(random.below(2) === 0 ? 80 : 443, ip + 20)
  out.writeUInt16BE(1024 + random.below(64_000), ip + 22)
  // SYN and ACK, or RST.
  out.writeUInt16BE(random.below(2) === 0 ? 0x5012 : 0x5004, ip + 32)
}
