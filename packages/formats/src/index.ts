export * from './batch-model.ts'
export * from './row-layout.ts'
export * from './observer-model.ts'
export * from './observer.ts'
