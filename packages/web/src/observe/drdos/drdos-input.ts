import type { CallOutput, drdosAttacks } from '@hirundo/contract'
import { commandLine, type Asking } from '../question/question.ts'
import { settingsQuery, type AttackSettings } from './attack-settings.ts'

/** As many as an answer lists. */
export const ATTACKS_MAX = 1000

export type Attacks = CallOutput<typeof drdosAttacks>
export type Attack = Attacks['data']['attacks'][number]

export interface AttacksProps {
  readonly asking: Asking
  readonly settings: AttackSettings
  readonly answer: Attacks
}

export const drdosInput = ({ asking, settings }: Pick<AttacksProps, 'asking' | 'settings'>) => ({ query: { ...asking.query, ...settingsQuery(settings), limit: ATTACKS_MAX } })

/** The same question on the command line. */
export function drdosCommand({ asking, settings: { definition, packets_min, gap_s } }: Pick<AttacksProps, 'asking' | 'settings'>): string {
  const asked = definition === 'own' ? `--packets-min ${packets_min} --gap ${gap_s}` : `--definition ${definition}`
  return commandLine(`drdos ${asked} --limit ${ATTACKS_MAX}`, asking)
}
