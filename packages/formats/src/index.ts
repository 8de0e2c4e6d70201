export * from './batch-model.ts'
export * from './row-layout.ts'
