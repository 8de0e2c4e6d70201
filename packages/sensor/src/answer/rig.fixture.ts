// A sensor that answers at the loopback address and a fake node that takes what it sends.
import { realWorld, unwrap, type Cidr } from '@hirundo/base'
import { decodeInteraction, splitInteractionRows, type Interaction } from '@hirundo/formats'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { startSensor, type RunningSensor } from '../agent.ts'
import type { SensorBounds } from '../bounds.ts'
import type { FakeNode } from '../fake-node.fixture.ts'
import { fastBounds, type Rig } from '../rig.fixture.ts'
import { idleSource } from '../sources/source.ts'
import { defaultPersona } from './persona.ts'
import type { AnswerSettings } from './responders.ts'

export interface AnswerRigOptions {
  readonly tcp?: Readonly<Record<number, string>>
  readonly udp?: Readonly<Record<number, string>>
  readonly bounds?: Partial<SensorBounds>
  readonly settings?: Partial<AnswerSettings>
  readonly own?: readonly Cidr[]
}

export interface AnsweringSensor {
  readonly sensor: RunningSensor
  /** The port that is listened on for `tcp/23`. */
  port(name: string): number
}

const portsOf = (given: Readonly<Record<number, string>> = {}): ReadonlyMap<number, string> =>
  new Map(Object.entries(given).map(([port, protocol]) => [Number(port), protocol]))

/** Listens at free ports, whatever port each stands for. */
export async function startAnswering(rig: Rig, options: AnswerRigOptions): Promise<AnsweringSensor> {
  const sensor = unwrap(await startSensor({
    state_directory: rig.directory, source: idleSource, destinations: options.own ?? [], bounds: { ...fastBounds, ...options.bounds }, tick_ms: 5,
    answer: {
      profile: { name: 'test', tcp: portsOf(options.tcp), udp: portsOf(options.udp), persona: defaultPersona },
      address: '127.0.0.1', listenAt: () => 0, udp_permitted: true, ...options.settings,
    },
  }, realWorld))
  rig.t.after(() => sensor.stop())
  return { sensor, port: (name) => sensor.listening.get(name)! }
}

/** Every interaction that the node has, in order. */
export const interactionsAt = (node: FakeNode): Interaction[] =>
  node.rows('interaction').flatMap(({ header, body }) => unwrap(splitInteractionRows(body, header.rows)).map((row) => unwrap(decodeInteraction(row))))

/** A client: sends what it is told after the first answer (or at once) and gives back all it got until the end. */
export async function client(port: number, ...sends: readonly string[]): Promise<{ readonly socket: Socket; readonly text: () => string; readonly closed: Promise<void> }> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let got = ''
  socket.setEncoding('latin1').on('data', (text: string) => (got += text))
  await once(socket, 'connect')
  for (const text of sends) socket.write(text, 'latin1')
  return { socket, text: () => got, closed }
}
