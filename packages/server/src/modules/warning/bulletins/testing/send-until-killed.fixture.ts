/** A process that sends what is due until it is killed. Its argument: JSON of where the database and the servers are. */
import { realWorld } from '@hirundo/base'
import { writeAudit } from '../../../../platform/audit.ts'
import { connect } from '../../../../platform/db/connect.ts'
import { makeMetrics } from '../../../../platform/metrics.ts'
import { parseSmtpUrl } from '../../../../platform/notify/smtp-url.ts'
import { makeSettings } from '../../../../platform/settings/settings.ts'
import { silent } from '../../../../platform/testing/postgres.ts'
import { Outbox } from '../outbox/outbox.ts'

const { postgres, smtp_port, now_ms } = JSON.parse(process.argv[2]!) as { postgres: object, smtp_port: number, now_ms: number }
const { db } = connect(postgres, silent)
const world = { ...realWorld, now: () => now_ms }
new Outbox({
  db, world, log: silent, metrics: makeMetrics(), settings: makeSettings(db), audit: (entry, within = db) => writeAudit(within, world, entry),
  findingOf: () => Promise.reject(new Error('not asked')), sensorsOf: async () => null, note: async () => undefined,
  smtp: parseSmtpUrl(`smtp://127.0.0.1:${smtp_port}`), public_url: undefined, own: [], resolve: async () => ['127.0.0.1'],
}, { idle_ms: 10 }).start()
