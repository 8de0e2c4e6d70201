export * from './disk.ts'
export * from './faulty-disk.ts'
export * from './journal.ts'
export * from './model.ts'
