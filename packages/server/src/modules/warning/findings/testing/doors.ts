import type { Recounted, RecountQuestion, VictimPoint, VictimQuestion } from '@hirundo/analytics'
import { fail, ok } from '@hirundo/base'
import { scopesOfRole, type Role, type Scope } from '@hirundo/contract'
import { pino } from 'pino'
import { auditHandlers } from '../../../../platform/audit.ts'
import { scopesIn } from '../../../../platform/auth/scopes.ts'
import { addApiRoutes } from '../../../../platform/http/api-routes.ts'
import { makeHttpServer } from '../../../../platform/http/server.ts'
import type { Actor } from '../../../../platform/module.ts'
import type { ObservatoryAnswers } from '../../../observatory/index.ts'
import type { BulletinRef } from '../get.ts'
import { findingHandlers } from '../routes.ts'
import type { WatchHealth } from '../summary.ts'
import { startFindings, type TestFindings } from './findings.ts'

export interface Answered {
  readonly status: number
  /** Of a problem its code, else empty. */
  readonly code: string
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
  readonly text: string
}

/** The routes of findings behind the real HTTP server, over a real PostgreSQL; what is observed is given by the test. */
export interface Doors extends TestFindings {
  readonly asked: RecountQuestion[]
  recounted: (question: RecountQuestion) => Recounted
  series: ObservatoryAnswers['series']
  victimSeries: (question: VictimQuestion, step: number) => readonly VictimPoint[]
  health: WatchHealth
  bulletins: readonly BulletinRef[]
  readonly logged: string[]
  /** Where programs ask as `by`, whatever token they show. */
  url(): Promise<string>
  by: Actor
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, options?: { readonly role?: Role; readonly scopes?: readonly Scope[]; readonly organisation?: number; readonly body?: unknown; readonly as?: Actor }): Promise<Answered>
}

export async function startDoors(): Promise<Doors> {
  const findings = await startFindings()
  const { db, tools } = findings
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  const server = makeHttpServer({ config: { body_bytes_max: 65_536, connections_max: 10, request_ms_max: 30_000, trusted_proxies: [] }, log, count: () => undefined })
  const callers = new Map<string, Actor>()
  const by: Actor = { kind: 'token', actor_id: 'program', name: 'Program', organisation_id: 1, scopes: scopesOfRole.analyst }
  const doors: Doors = Object.assign(findings, {
    asked: [], logged, bulletins: [], by, url: () => server.listen({ host: '127.0.0.1', port: 0 }),
    recounted: () => ({ packets: 0, sources: null, sensors: 0, max_ppm: null }), series: async () => fail('node/unavailable'), victimSeries: () => [],
    health: { detectors_ok: 8, detectors_learning: 1, detectors_total: 10, watched_to: null, sensors_live: 2, sensors_total: 3, simulated: false },
    async ask(method, path, { role = 'analyst', scopes = scopesOfRole[role], organisation = 1, body, as } = {}) {
      const remoteAddress = `198.51.100.${callers.size % 250}`
      callers.set(remoteAddress, as ?? { kind: 'token', actor_id: 'caller', name: 'Caller', organisation_id: organisation, scopes: scopesIn(organisation, scopes) })
      const answer = await server.inject({
        method, url: `/api/v1${path}`, remoteAddress, headers: body === undefined ? {} : { 'content-type': 'application/json' }, ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      const json = JSON.parse(answer.body)
      return { status: answer.statusCode, code: answer.statusCode >= 400 ? String(json.type).replace('urn:hirundo:problem:', '') : '', text: answer.body, body: json }
    },
  } satisfies Partial<Doors>) as Doors
  const stop = findings.stop.bind(findings)
  doors.stop = async () => {
    await server.close()
    await stop()
  }
  const handlers = findingHandlers({
    ...tools, bulletinsOf: async () => doors.bulletins, healthOf: async () => doors.health,
    answers: { series: (actor: Actor, query: never) => doors.series(actor, query) } as unknown as ObservatoryAnswers,
    analytics: { windows: {
      recount: async (question) => {
        doors.asked.push(question)
        return doors.recounted(question)
      },
      victimSeries: async (question, step) => doors.victimSeries(question, step),
    } },
  })
  addApiRoutes(server, [...handlers, ...auditHandlers(db)], {
    authenticate: async ({ address }, { needs }) => {
      const actor = callers.get(address) ?? doors.by
      return actor.scopes.includes(needs as Scope) ? ok({ actor, stands: async () => true }) : fail('auth/forbidden', { needs })
    },
  })
  return doors
}
