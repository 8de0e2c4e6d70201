export * from './model.ts'
export { LineSplitter } from './lines.ts'
export { logReader } from './readers.ts'
export { zoneSeconds } from './time.ts'
