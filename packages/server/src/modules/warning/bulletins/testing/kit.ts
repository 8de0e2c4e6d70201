import { randomUUID } from 'node:crypto'
import { fail, ok, realWorld, type World } from '@hirundo/base'
import type { NewSubscription, Scope } from '@hirundo/contract'
import { writeAudit } from '../../../../platform/audit.ts'
import { migrate } from '../../../../platform/db/migrate.ts'
import { platformMigrations } from '../../../../platform/db/platform-migrations.ts'
import { platformDb } from '../../../../platform/db/tables.ts'
import type { Actor } from '../../../../platform/module.ts'
import { parseSmtpUrl } from '../../../../platform/notify/smtp-url.ts'
import { HttpReceiver, SmtpReceiver } from '../../../../platform/notify/testing/servers.ts'
import { makeSettings } from '../../../../platform/settings/settings.ts'
import { silent, startTestPostgres, type TestPostgres } from '../../../../platform/testing/postgres.ts'
import { makeMetrics } from '../../../../platform/metrics.ts'
import { migrations } from '../../migrations/index.ts'
import { findingNews } from '../enqueue.ts'
import { Outbox, type OutboxPace, type Step } from '../outbox/outbox.ts'
import { add } from '../subscriptions.ts'
import type { MessageRecord, SubscriptionRecord } from '../tables.ts'
import type { BulletinNote, BulletinTools } from '../tools.ts'
import { findingView, found } from './findings.ts'
import type { FoundFinding } from '../../findings/events.ts'

const scopes: readonly Scope[] = ['findings:read', 'findings:write', 'content:read', 'bulletins:release']

/** A subscription to all findings by mail, but for what is said. */
export const wanted = (more: Partial<NewSubscription> = {}): NewSubscription => ({
  name: 'SOC', channel: 'mail', target: 'soc@example.org', of: 'findings', language: 'en', kinds: [], ports: [], economies: [], asns: [], severity_min: 'notice', tlp_max: 'TLP:RED',
  digest: 'at-once', quiet: null, ...more,
})

/** A PostgreSQL, an SMTP server and an HTTP receiver, all real, and a clock of the test's. */
export class BulletinKit {
  readonly postgres: TestPostgres
  readonly smtp: SmtpReceiver
  readonly http: HttpReceiver
  readonly notes: BulletinNote[] = []
  now_ms = Date.UTC(2026, 10, 20, 9, 0, 0)
  readonly world: World = { ...realWorld, now: () => this.now_ms }
  readonly tools: BulletinTools

  constructor(postgres: TestPostgres, smtp: SmtpReceiver, http: HttpReceiver) {
    this.postgres = postgres
    this.smtp = smtp
    this.http = http
    const { db } = postgres
    this.tools = {
      db, world: this.world, log: silent, metrics: makeMetrics(), settings: makeSettings(db), audit: (entry, within = db) => writeAudit(within, this.world, entry),
      findingOf: async (_, id) => (id.startsWith('0') ? fail('finding/not-found') : ok({ ...findingView('new'), id })),
      sensorsOf: async () => 60, note: async (_, note) => void this.notes.push(note),
      smtp: parseSmtpUrl(`smtp://127.0.0.1:${smtp.port}`), public_url: 'https://node.example', own: [], resolve: async () => ['127.0.0.1'],
    }
  }

  get hook(): string {
    return `http://hook.example:${this.http.port}/in`
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.postgres.pool.query('insert into setting (key, value, changed_at, changed_by) values ($1, $2, now(), $3) on conflict (key) do update set value = excluded.value', [key, JSON.stringify(value), 'test'])
  }

  /** A signed-in person who may release. */
  async person(name: string, organisation_id = 1, mine: readonly Scope[] = scopes): Promise<Actor> {
    const id = randomUUID()
    await platformDb(this.postgres.db).insertInto('person').values({
      id, organisation_id, name, sign_in_name: `${id}@example.org`, role: 'coordinator', language: 'en', time_zone: 'UTC', state: 'active', created_at: new Date(this.now_ms), created_by: 'system',
      last_sign_in_at: null, oidc_issuer: null, oidc_subject: null,
    }).execute()
    return { kind: 'person', actor_id: `person:${id}`, name, organisation_id, scopes: mine, person_id: id }
  }

  token(organisation_id = 1, mine: readonly Scope[] = scopes): Actor {
    return { kind: 'token', actor_id: randomUUID(), name: 'script', organisation_id, scopes: mine }
  }

  async organisation(name: string): Promise<number> {
    const { rows } = await this.postgres.pool.query<{ id: number }>('insert into organisation (name) values ($1) returning id', [name])
    return rows[0]!.id
  }

  async subscribe(more: Partial<NewSubscription> = {}, actor: Actor = this.token()): Promise<SubscriptionRecord> {
    const made = await add(this.tools, actor, wanted(more))
    if (!made.ok) throw new Error(JSON.stringify(made.problem))
    return made.value.row
  }

  /** Tells of findings as their store does. */
  find(...findings: readonly FoundFinding[]): Promise<void> {
    return this.postgres.db.transaction().execute((t) => findingNews(this.world).onFound(t, findings, 'live'))
  }

  async findNew(more: Partial<FoundFinding> = {}): Promise<string> {
    const id = randomUUID()
    await this.find(found(id, more))
    return id
  }

  outbox(at?: (step: Step, message: MessageRecord) => Promise<void> | void, pace: Partial<OutboxPace> = {}): Outbox {
    return new Outbox(this.tools, { mail_rests_ms: 0, ...pace }, at)
  }

  /** Sends all that is due. */
  async work(outbox = this.outbox()): Promise<void> {
    await outbox.look()
    while (await outbox.sendOne()) await outbox.gather()
  }

  async states(): Promise<Record<string, number>> {
    const { rows } = await this.postgres.pool.query<{ state: string, count: number }>('select state, count(*)::int as count from warning_delivery group by state')
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }

  async messages(): Promise<MessageRecord[]> {
    return (await this.postgres.pool.query<MessageRecord>('select * from warning_message order by id')).rows
  }

  /** Forgets everything but people and settings. */
  async clear(): Promise<void> {
    await this.postgres.pool.query('truncate warning_notice, warning_delivery, warning_message, warning_subscription, bulletin, bulletin_number, finding cascade')
    this.smtp.mails.length = 0
    this.smtp.accept = () => undefined
    this.http.heard.length = 0
    this.http.answer = (_, response) => void response.writeHead(204).end()
    this.notes.length = 0
    this.now_ms = Date.UTC(2026, 10, 20, 9, 0, 0)
    await this.set('notify.mail_from', 'warn@node.example')
    await this.set('notify.mail_domains_allow', [])
    await this.set('notify.deliveries_per_hour_max', 20)
    await this.set('notify.webhook_allow', [{ host: 'hook.example', cidr: '127.0.0.1/32', port: this.http.port, http: true }])
  }

  async stop(): Promise<void> {
    await this.smtp.stop()
    await this.http.stop()
    await this.postgres.stop()
  }
}

export async function startKit(): Promise<BulletinKit> {
  const postgres = await startTestPostgres()
  await migrate(postgres.db, [{ name: 'platform', migrations: platformMigrations }, { name: 'warning', migrations }], silent)
  const kit = new BulletinKit(postgres, await new SmtpReceiver().start(), await new HttpReceiver().start())
  await kit.clear()
  return kit
}
