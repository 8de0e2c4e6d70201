import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { programs } from '../process/programs.ts'

export interface Files {
  readonly whole: string
  /** The first tenth, for what is too slow for the whole. */
  readonly tenth: string
  /** Scratch directory. */
  readonly directory: string
  /** Of this machine; somebody takes the datagrams and throws them away. */
  readonly udp_port: number
}

export interface Contestant {
  readonly name: string
  readonly command: string
  args(files: Files): readonly string[]
  /** How many times the time of the run the whole input would take. */
  readonly scale: number
  /** Ratio that `hirundo-sensor flows` must reach against it. */
  readonly goal: number | undefined
  /** Debian package. */
  readonly package: string
}

export const sensor: Contestant = {
  name: 'hirundo-sensor flows', command: process.execPath, scale: 1, goal: undefined, package: '',
  args: ({ whole }) => [programs.sensor, 'flows', '--format', 'rowbinary', whole],
}

export const contestants: readonly Contestant[] = [
  {
    name: 'nfpcapd', command: 'nfpcapd', scale: 1, goal: 15, package: 'nfdump',
    args: ({ whole, directory }) => ['-r', whole, '-w', directory],
  },
  {
    name: 'softflowd', command: 'softflowd', scale: 1, goal: 4, package: 'softflowd',
    // No control socket: when it reads a file, softflowd 1.1.0 may wait for one to connect for ever.
    args: ({ whole, directory, udp_port }) => ['-d', '-r', whole, '-n', `127.0.0.1:${udp_port}`, '-v', '5', '-p', join(directory, 'softflowd.pid'), '-c', 'none'],
  },
  {
    name: 'tshark -T fields', command: 'tshark', scale: 10, goal: 100, package: 'tshark',
    args: ({ tenth }) => ['-n', '-r', tenth, '-T', 'fields', ...['frame.time_epoch', 'ip.src', 'ip.dst', 'ip.proto', 'tcp.dstport', 'udp.dstport'].flatMap((field) => ['-e', field])],
  },
]

export const isInstalled = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
