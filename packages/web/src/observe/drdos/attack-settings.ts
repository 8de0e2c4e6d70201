import { attackDefinitions, type AttackDefinition } from '@hirundo/contract'
import { oneOf } from '../../app/search-params.ts'

export type DefinitionChoice = AttackDefinition | 'own'
export const definitionChoices = ['ampot', 'hopscotch', 'own'] as const satisfies readonly DefinitionChoice[]

/** What the address of the page says about when requests are an attack. */
export interface AttackSettings {
  readonly definition: DefinitionChoice
  readonly packets_min: number
  readonly gap_s: number
}

export const bounds = { packets_min: { min: 1, max: 1_000_000 }, gap_s: { min: 60, max: 86_400 } } as const

/** A whole number within its bounds; undefined for anything else. */
export function boundedNumber(text: string | undefined, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
  if (text === undefined || !/^\d{1,7}$/.test(text.trim())) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}

/** Reads the search part of an address; what is not understood counts as absent. Numbers count only where they are called own. */
export function readSettings(search: Readonly<Record<string, unknown>>): AttackSettings {
  const asked = oneOf(search['definition'])
  const definition = definitionChoices.find((one) => one === asked) ?? 'ampot'
  if (definition !== 'own') return { definition, ...attackDefinitions[definition] }
  const { packets_min, gap_s } = attackDefinitions.ampot
  return {
    definition, packets_min: boundedNumber(oneOf(search['packets_min']), bounds.packets_min) ?? packets_min,
    gap_s: boundedNumber(oneOf(search['gap_s']), bounds.gap_s) ?? gap_s,
  }
}

/** As the route takes them. */
export const settingsQuery = ({ definition, packets_min, gap_s }: AttackSettings) => (definition === 'own' ? { packets_min, gap_s } : { definition })
