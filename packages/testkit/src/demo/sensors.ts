import type { AnswerFace } from '../traffic/interactions/interactions.ts'

/** The five simulated sensors: fictional names, networks of the documentation and benchmark ranges. */
export interface SimulatedSensor {
  readonly name: string
  readonly destinations: readonly string[]
  /** Share of all simulated packets. */
  readonly share: number
  /** As what it answers; absent: it only listens. */
  readonly face?: AnswerFace
}

export const simulatedSensors: readonly SimulatedSensor[] = [
  { name: 'north-light', destinations: ['198.18.0.0/24'], share: 0.38, face: 'things' },
  { name: 'old-mill', destinations: ['198.19.64.0/25', '2001:db8:51::/48'], share: 0.24 },
  { name: 'river-gate', destinations: ['198.51.100.0/26'], share: 0.16, face: 'servers' },
  { name: 'salt-works', destinations: ['203.0.113.64/27'], share: 0.13, face: 'controls' },
  { name: 'high-meadow', destinations: ['192.0.2.32/28'], share: 0.09 },
]
