// Two network namespaces joined by one wire: a sensor's and an attacker's, and what went over the wire. Needs root.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

export const SENSOR_ADDRESS = '10.99.0.1'
const ATTACKER_ADDRESS = '10.99.0.2'
const PROGRAMS = ['ip', 'tcpdump', 'hping3', 'nft', 'curl'] as const

/** One packet of the wire, from its IP header on. */
export interface WirePacket {
  readonly src: string
  readonly dst: string
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'other'
  readonly bytes: number
  /** Flags of TCP; 0 for others. */
  readonly flags: number
}

/** Why namespaces cannot be made here; false when they can. */
export function whyNoWire(): string | false {
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const missing = PROGRAMS.find((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
  if (missing !== undefined) return `${missing} is not installed`
  const name = `hirundo-try-${process.pid}`
  const made = spawnSync('ip', ['netns', 'add', name]).status === 0
  if (made) spawnSync('ip', ['netns', 'del', name])
  return made ? false : 'network namespaces cannot be made here'
}

export class Wire {
  readonly #sensor = `hirundo-s-${process.pid}`
  readonly #attacker = `hirundo-a-${process.pid}`

  /** Both namespaces; they go when the test ends. */
  constructor(t: TestContext) {
    t.after(() => {
      for (const name of [this.#sensor, this.#attacker]) spawnSync('ip', ['netns', 'del', name])
    })
    for (const name of [this.#sensor, this.#attacker]) must('ip', 'netns', 'add', name)
    must('ip', '-n', this.#sensor, 'link', 'add', 'wire0', 'type', 'veth', 'peer', 'name', 'wire1', 'netns', this.#attacker)
    for (const [name, link, address] of [[this.#sensor, 'wire0', SENSOR_ADDRESS], [this.#attacker, 'wire1', ATTACKER_ADDRESS]] as const) {
      must('ip', '-n', name, 'addr', 'add', `${address}/24`, 'dev', link)
      must('ip', '-n', name, 'link', 'set', 'lo', 'up')
      must('ip', '-n', name, 'link', 'set', link, 'up')
    }
    must('ip', '-n', this.#sensor, 'route', 'add', 'default', 'via', ATTACKER_ADDRESS)
  }

  /** Runs a shell line on the sensor's side to its end. */
  onSensor(line: string): string {
    return must('ip', 'netns', 'exec', this.#sensor, 'sh', '-c', line)
  }

  /** Starts a program on the sensor's side. */
  startOnSensor(...command: readonly string[]): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.#sensor, ...command], { stdio: ['ignore', 'ignore', 'pipe'] })
  }

  /** Runs shell lines on the attacker's side, all at once, to their ends. */
  async attack(...lines: readonly string[]): Promise<string> {
    const texts = lines.map(async (line) => {
      const child = spawn('ip', ['netns', 'exec', this.#attacker, 'sh', '-c', line], { stdio: ['ignore', 'pipe', 'ignore'] })
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
      await once(child, 'close')
      return text
    })
    return (await Promise.all(texts)).join('')
  }

  /** What went over the wire while `act` ran, and `linger_ms` longer. */
  async capture(directory: string, act: () => Promise<unknown>, linger_ms = 300): Promise<WirePacket[]> {
    const file = join(directory, `wire-${process.hrtime.bigint()}.pcap`)
    const tcpdump = spawn('ip', ['netns', 'exec', this.#attacker, 'tcpdump', '-i', 'wire1', '-n', '-U', '-B', '16384', '-s', '64', '-w', file, 'ip'], { stdio: ['ignore', 'ignore', 'pipe'] })
    await once(tcpdump.stderr, 'data')
    await act()
    await sleep(linger_ms)
    tcpdump.kill('SIGINT')
    await once(tcpdump, 'close')
    return packetsOf(await readFile(file))
  }
}

function must(program: string, ...args: readonly string[]): string {
  const { status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** IPv4 packets of a pcap file of Ethernet, written by this machine. */
function packetsOf(file: Buffer): WirePacket[] {
  const packets: WirePacket[] = []
  for (let at = 24; at + 16 <= file.length; ) {
    const length = file.readUInt32LE(at + 8)
    const ip = file.subarray(at + 16 + 14, at + 16 + length)
    at += 16 + length
    const protocol = ({ 1: 'icmp', 6: 'tcp', 17: 'udp' } as const)[ip[9]!] ?? 'other'
    packets.push({
      src: [...ip.subarray(12, 16)].join('.'), dst: [...ip.subarray(16, 20)].join('.'), protocol, bytes: ip.readUInt16BE(2),
      flags: protocol === 'tcp' ? ip[4 * (ip[0]! & 15) + 13]! : 0,
    })
  }
  return packets
}
