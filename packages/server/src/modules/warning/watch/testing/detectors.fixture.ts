import { portKeyOf } from '../../detectors/core/port-key.ts'
import type { Detection, Detector } from '../../detectors/model.ts'

/** What traffic to these TCP ports makes the thread do. */
export const bombs = { memory: 6_666, exit: 6_667, error: 6_668, hang: 6_669 } as const
const bomb = (port: number): number => portKeyOf('tcp', port)

/** Minutes that count. */
const WINDOW = 90

interface State { minutes: { minute: number; packets: number }[]; sources: Map<number, number> }

const blank = { severity: 'notice', crossed: [], evidence: [], open: false } as const

/**
 * Tells of each minute with telnet traffic what came in the minutes before it, too: rows that are missing, twice or out of
 * order change what it says for long.
 */
const remembering: Detector<{ readonly packets_min: number }> = {
  kind: 'spike', version: 1, source: 'test', defaults: { packets_min: 1 },
  start: ({ packets_min }, scene, saved) => {
    const state = (saved as State | undefined) ?? { minutes: [], sources: new Map<number, number>() }
    return {
      shed: {}, save: () => state, end: () => [],
      minute: ({ minute, flows, heard, watched, addressText }) => {
        let packets = heard.length
        const seen: string[] = []
        for (let i = 0; i < flows.rows; i++) {
          if (flows.port[i] !== bomb(23)) continue
          packets += flows.packets[i]!
          state.sources.set(flows.source[i]!, minute)
          seen.push(addressText(flows.source[i]!))
        }
        state.minutes = [...state.minutes.filter((one) => one.minute > minute - 60 * WINDOW), { minute, packets }]
        if (packets < packets_min) return []
        const sum = state.minutes.reduce((total, one) => total + one.packets, 0)
        const detection: Detection = {
          ...blank, kind: 'spike', subject: { protocol: 'tcp', port: 23 }, start: minute, end: minute + 60, packets, members: seen.slice(0, 5),
          figures: { packets: sum, sources: state.sources.size, sensors: watched.length, destinations_at_least: scene.addresses },
        }
        return [detection]
      },
      day: (day) => [{ ...blank, kind: 'spike', subject: { protocol: 'udp', port: 1 }, start: day.start, end: day.start + 86_400, packets: [...day.ports.values()].reduce((total, one) => total + one.packets, 0), figures: {} }],
    }
  },
}

const explosive: Detector = {
  kind: 'worm', version: 1, source: 'test', defaults: {},
  start: () => ({
    shed: {}, save: () => 0, end: () => [],
    minute: ({ flows }) => {
      const held: number[][] = []
      for (let i = 0; i < flows.rows; i++) {
        const port = flows.port[i]
        if (port === bomb(bombs.error)) throw new Error('cannot')
        if (port === bomb(bombs.exit)) process.exit(3)
        while (port === bomb(bombs.hang)) continue
        while (port === bomb(bombs.memory)) held.push(Array.from({ length: 10_000 }, (_, n) => n + held.length))
      }
      return []
    },
  }),
}

export const detectors: readonly Detector[] = [remembering as Detector, explosive]
