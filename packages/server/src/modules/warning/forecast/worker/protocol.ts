import type { Forecast, Values } from '../model.ts'
import type { RollingSettings } from '../rolling.ts'

export interface ToForecaster {
  readonly id: number
  readonly values: Values
  readonly settings: RollingSettings
}

export interface FromForecaster {
  readonly id: number
  /** Undefined: too little history. */
  readonly forecast: Forecast | undefined
}
