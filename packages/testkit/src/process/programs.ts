import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = join(dirname(fileURLToPath(import.meta.url)), '../../..')

/** The two programs as a user runs them, and a node that lives in the past; all are run by this very Node. */
export const programs = {
  node: join(packages, 'server/bin/hirundo.mjs'),
  sensor: join(packages, 'sensor/bin/hirundo-sensor.mjs'),
  pastNode: join(packages, 'testkit/src/bench/past-node.ts'),
} as const

/** A JSON object in a line, else undefined. */
export function jsonLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}
