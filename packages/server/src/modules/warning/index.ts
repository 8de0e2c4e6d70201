export { Engine, type DetectorHealth, type EngineOptions } from './detectors/engine.ts'
export { SliceBuilder } from './detectors/core/slice-builder.ts'
export type { Detection } from './detectors/model.ts'
export { lastOfEach } from './watch/model.ts'
