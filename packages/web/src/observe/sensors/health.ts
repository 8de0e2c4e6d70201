import type { SensorView } from '@hirundo/contract'

export type SensorHealth = 'pending' | 'live' | 'silent' | 'history' | 'revoked'

/** How a sensor is, in one word. An import has no connection that could be silent. */
export function healthOf({ state, kind, live }: Pick<SensorView, 'state' | 'kind' | 'live'>): SensorHealth {
  if (state !== 'approved') return state
  return kind === 'import' ? 'history' : live ? 'live' : 'silent'
}

const order: readonly SensorHealth[] = ['pending', 'silent', 'live', 'history', 'revoked']

/** Those that need somebody first, those that ended last, by name within. */
export const inOrder = (sensors: readonly SensorView[]): SensorView[] =>
  sensors.toSorted((a, b) => order.indexOf(healthOf(a)) - order.indexOf(healthOf(b)) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
