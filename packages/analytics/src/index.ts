export * from './model.ts'
export type * from './store.ts'
