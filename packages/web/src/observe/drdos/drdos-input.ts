import type { CallOutput, drdosAttacks } from '@hirundo/contract'
import type { Asking } from '../question/question.ts'
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
