import type { Forecast, Values } from '../model.ts'
import type { Precursor, PrecursorSettings, Sign } from '../precursors.ts'
import type { RollingSettings } from '../rolling.ts'

/** Signs come before the `precursors` of the same id. All but they are answered. */
export type ToForecaster =
  | { readonly do: 'forecast'; readonly id: number; readonly values: Values; readonly settings: RollingSettings }
  | { readonly do: 'signs'; readonly id: number; readonly signs: readonly Sign[] }
  | { readonly do: 'precursors'; readonly id: number; readonly settings: PrecursorSettings }

/** A forecast of too little history is undefined. */
export interface FromForecaster {
  readonly id: number
  readonly value: Forecast | undefined | readonly Precursor[]
}
