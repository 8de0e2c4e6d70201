/** The door of federation: what a module says to a peer (a draft), what it hears (an entry), and the words for both. */
export { lanes, type Channel, type Lane } from './core/channel.ts'
export { payload_bytes_max, type Draft, type Entry } from './core/entry.ts'
export { readJson } from './core/json-scan.ts'
export { refusalReasons, type RefusalReason } from './core/refusal.ts'
export type { Alarm, Fork } from './core/step.ts'
