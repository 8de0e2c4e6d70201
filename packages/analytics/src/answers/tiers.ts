import { tierDimensions } from '../rollup-select.ts'
import { tiers, type Tier } from '../schema/tables.ts'
import type { Filter } from '../union.ts'

/** Tiers that hold the rows this filter asks for. */
export function tiersFor(filter: Filter): readonly Tier[] {
  const by_sensor = filter.each_sensor || (filter.question.sensors !== undefined && filter.dimension !== 'sensor')
  return tiers.filter((tier) => (by_sensor ? tierDimensions[tier].by_sensor : tierDimensions[tier].all).includes(filter.dimension))
}
