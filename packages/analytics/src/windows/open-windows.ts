import type { Database } from '../client.ts'
import { heard } from './heard.ts'
import type { Windows } from './model.ts'
import { recount } from './recount.ts'
import { counts, earliest, rows } from './rows.ts'
import { victimSeries } from './victim-series.ts'

/** Raw rows by the minute. */
export const openWindows = (db: Database): Windows => ({
  counts: (question) => counts(db, question),
  rows: (table, question, part) => rows(db, table, question, part),
  heard: (question, limit) => heard(db, question, limit),
  earliest: (question, since) => earliest(db, question, since),
  first: (question) => earliest(db, question),
  recount: (question) => recount(db, question),
  victimSeries: (question, step) => victimSeries(db, question, step),
})
