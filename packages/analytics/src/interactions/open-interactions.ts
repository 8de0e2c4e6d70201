import type { Database } from '../client.ts'
import { attacks } from './attacks.ts'
import { evidence, ofSource } from './evidence.ts'
import type { Interactions } from './model.ts'
import { sensorsHeard, series, storedInteractions } from './series.ts'
import { common, top } from './top.ts'

/** Answers about interactions, from their rows. */
export const openInteractions = (db: Database): Interactions => ({
  of: (address, question, limit, after) => ofSource(db, address, question, limit, after),
  evidence: (address, question) => evidence(db, address, question),
  top: (what, question, limit) => top(db, what, question, limit),
  series: (question, step) => series(db, question, step),
  attacks: (question, settings, limit) => attacks(db, question, settings, limit),
  common: (what, question, sources_min, limit) => common(db, what, question, sources_min, limit),
  sensorsHeard: (question) => sensorsHeard(db, question),
  stored: (range) => storedInteractions(db, range),
})
