import type { Detector } from './model.ts'

/** All detectors, in the order in which they look at a minute. A new one is a line here. */
export const detectors: readonly Detector[] = []
