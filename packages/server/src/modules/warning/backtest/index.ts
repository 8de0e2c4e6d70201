/** What a replay through all detectors and its scoring need; benchmarks use it by `@hirundo/server/backtest`. */
export { Engine, type DetectorHealth, type EngineOptions } from '../detectors/engine.ts'
export { SliceBuilder, type Known } from '../detectors/core/slice-builder.ts'
export type { Detection, Scene } from '../detectors/model.ts'
export { FoundBook, type Found, type Given, type Occurrence } from './alarms.ts'
export { score, subjectLine, type Judged, type Score, type Scored, type Wanted } from './score.ts'
