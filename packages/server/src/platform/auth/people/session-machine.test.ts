import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { platformDb } from '../../db/tables.ts'
import { silent, startTestPostgres, type TestPostgres } from '../../testing/postgres.ts'
import { makeKit } from './index.ts'
import type { Kit } from './kit.ts'
import { endSession, findSession, startSession } from './sessions.ts'
import { insertPerson } from './setup.ts'
import { testWorld, type TestWorld } from './testing/people.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

let postgres: TestPostgres
let world: TestWorld
let kit: Kit
let person_id: string
before(async () => {
  postgres = await startTestPostgres()
  world = testWorld()
  kit = makeKit({ db: postgres.db, world, log: silent, bounds: { session_idle_hours: 12, session_hours_max: 168 } })
  const made = await kit.db.transaction().execute((t) => insertPerson(t, world, { name: 'A', sign_in_name: 'a@example.org', role: 'viewer', organisation_id: 1, created_by: 'system', state: 'active' }))
  assert.ok(made.ok)
  person_id = made.value.id
})
after(() => postgres.stop())

/** What the decision record says of one session, written down apart from the code. */
interface Model {
  readonly id: string
  /** Every cookie it had, newest last. */
  readonly cookies: string[]
  readonly started: number
  changed: number
  seen: number
  ended: boolean
}

function admits(model: Model, cookie: number, disabled: boolean): boolean {
  const now = world.now()
  const newest = model.cookies.length - 1
  if (disabled || model.ended || now >= model.started + 168 * HOUR || now >= model.seen + 12 * HOUR) return false
  return cookie === newest || (cookie === newest - 1 && now < model.changed + 30 * SECOND)
}

const step = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'start' as const }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('ask' as const), session: fc.nat(3), back: fc.constantFrom(0, 0, 0, 1, 1, 2) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1, 29_999, 30_000, 59_999, MINUTE, 14 * MINUTE, 15 * MINUTE, 11 * HOUR, 12 * HOUR, 40 * HOUR) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), session: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disable' as const), disabled: fc.boolean() }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

class Machine {
  readonly sessions: Model[] = []
  disabled = false

  async start(): Promise<void> {
    const { session, secret } = await kit.db.transaction().execute((t) => startSession(t, kit, { person_id, purpose: 'full', method: 'passkey', agent: '' }))
    this.sessions.push({ id: session.id, cookies: [secret], started: world.now(), changed: world.now(), seen: world.now(), ended: false })
  }

  async ask(session: number, back: number): Promise<void> {
    const model = this.sessions[session % Math.max(1, this.sessions.length)]
    const cookie = model ? model.cookies.length - 1 - back : -1
    if (!model || cookie < 0) return
    const expected = admits(model, cookie, this.disabled)
    const changed: string[] = []
    const found = await findSession(kit, model.cookies[cookie]!, (text) => changed.push(/=([\w-]+);/.exec(text)![1]!))
    assert.equal(found?.id, expected ? model.id : undefined)
    if (!expected) return
    const due = back === 0 && world.now() >= model.changed + 15 * MINUTE
    assert.equal(changed.length, due ? 1 : 0)
    if (world.now() >= model.seen + MINUTE) model.seen = world.now()
    if (!due) return
    model.cookies.push(changed[0]!)
    model.changed = world.now()
  }

  async run(one: Step): Promise<void> {
    if (one.kind === 'start') await this.start()
    else if (one.kind === 'ask') await this.ask(one.session, one.back)
    else if (one.kind === 'pass') world.pass(one.ms)
    else if (one.kind === 'disable') await this.disable(one.disabled)
    else {
      const model = this.sessions[one.session]
      if (!model) return
      await endSession(kit.db, model.id)
      model.ended = true
    }
  }

  async disable(disabled: boolean): Promise<void> {
    this.disabled = disabled
    await platformDb(kit.db).updateTable('person').set({ state: disabled ? 'disabled' : 'active' }).where('id', '=', person_id).execute()
  }
}

test('whatever happens in whatever order, exactly the cookies that should work do', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
    const machine = new Machine()
    await machine.disable(false)
    await machine.start()
    for (const one of steps) await machine.run(one)
  }), { numRuns: 30 })
})
