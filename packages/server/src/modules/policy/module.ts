import type { Module, Platform } from '../../platform/module.ts'
import { Gate } from './gate.ts'
import { migrations } from './migrations/index.ts'
import type { LabelledThings } from './preview.ts'
import { policyHandlers } from './routes.ts'
import { Verdicts } from './verdicts/verdicts.ts'

/** Labels, who may see what, and the one way out. */
export interface Policy {
  readonly module: Module
  readonly verdicts: Verdicts
  readonly gate: Gate
  /** A module of a higher rank tells how many things it has by label, for previews; before the node starts. */
  register(things: LabelledThings): void
}

export function policy(platform: Pick<Platform, 'db' | 'world' | 'audit'>): Policy {
  const verdicts = new Verdicts(platform)
  const things: LabelledThings[] = []
  return {
    module: { name: 'policy', migrations, handlers: policyHandlers({ ...platform, verdicts, things }) },
    verdicts, gate: new Gate(verdicts),
    register: (more) => void things.push(more),
  }
}
