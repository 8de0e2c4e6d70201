import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { programs } from '../process/programs.ts'

export interface Files {
  readonly whole: string
  /** The first tenth, for what is too slow for the whole. */
  readonly tenth: string
  /** Scratch directory. */
  readonly directory: string
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
    // NetFlow v5 to a port that nobody listens on: what it costs to make flows, nothing to store them.
    args: ({ whole, directory }) => ['-d', '-r', whole, '-n', '127.0.0.1:9', '-v', '5', '-p', join(directory, 'softflowd.pid'), '-c', join(directory, 'softflowd.ctl')],
  },
  {
    name: 'tshark -T fields', command: 'tshark', scale: 10, goal: 100, package: 'tshark',
    args: ({ tenth }) => ['-n', '-r', tenth, '-T', 'fields', ...['frame.time_epoch', 'ip.src', 'ip.dst', 'ip.proto', 'tcp.dstport', 'udp.dstport'].flatMap((field) => ['-e', field])],
  },
]

export const isInstalled = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
