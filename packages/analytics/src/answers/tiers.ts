import { tierDimensions } from '../rollup-select.ts'
import { tiers, type Tier } from '../schema/tables.ts'
import type { Filter } from '../union.ts'

/** Tiers that hold the rows this filter asks for. */
export function tiersFor(filter: Filter): readonly Tier[] {
  const by_sensor = filter.each_sensor || (filter.question.sensors !== undefined && filter.dimension !== 'sensor')
  return tiers.filter((tier) => (by_sensor ? tierDimensions[tier].by_sensor : tierDimensions[tier].all).includes(filter.dimension))
}

/** The coarsest tiers that a step of so many seconds can be made of. */
export function tiersOfStep(step: number): readonly Tier[] {
  if (step % 86_400 === 0) return ['day', 'hour']
  return step % 3600 === 0 ? ['hour'] : []
}
