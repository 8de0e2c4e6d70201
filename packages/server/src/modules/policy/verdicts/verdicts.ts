import { createHash } from 'node:crypto'
import { setImmediate as otherWork } from 'node:timers/promises'
import { ok, unwrap, type Result } from '@hirundo/base'
import { purposes, type Purpose } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Platform } from '../../../platform/module.ts'
import { askCedar, type Verdict } from '../cedar/engine.ts'
import { readPolicySet, type Policy } from '../cedar/policy-set.ts'
import { contextOf, principalOf, resourceOf } from '../cedar/request.ts'
import { beginPolicies } from '../epoch-store.ts'
import { phasesOf } from '../label.ts'
import { labelsOf, type InternedLabel } from '../label-store.ts'
import type { PhaseVerdicts } from '../tables.ts'
import { classText, factsOf, type Viewer, type ViewerFacts } from '../viewer.ts'
import { permitsOf, type Judged, type Permits } from './permits.ts'
import { classOf, epochText, keepVerdicts, stateOf, verdictsOf, type Of, type State } from './store.ts'

/** Verdicts that one process keeps in memory. */
const judged_max = 500_000
/** Questions to Cedar after which others have their turn: about ten milliseconds. */
const ASKED_IN_A_ROW = 16

interface Asked {
  readonly organisation_id: number
  readonly facts: ViewerFacts
  readonly purpose: Purpose
}

interface Known extends State {
  readonly asked: Asked
  readonly judged: ReadonlyMap<number, Judged>
}

const isCurrent = (known: State, state: State): boolean => known.epoch === state.epoch && known.labels >= state.labels

/**
 * Cedar's verdicts on (class of viewers, purpose, label, epoch): asked once, kept in the database and in memory. A question for
 * which all is known costs one small query and no question to Cedar.
 */
export class Verdicts {
  readonly #platform: Pick<Platform, 'db' | 'world' | 'audit'>
  readonly #known = new Map<string, Known>()
  readonly #under_way = new Map<string, Promise<Known>>()
  #held = 0
  /** Questions to Cedar so far. */
  asked = 0

  constructor(platform: Pick<Platform, 'db' | 'world' | 'audit'>) {
    this.#platform = platform
  }

  /** What `viewer` may see now. Problem: `request/invalid` where the viewer contradicts itself. */
  async permits(organisation_id: number, viewer: Viewer, purpose: Purpose): Promise<Result<Permits>> {
    const facts = factsOf(viewer)
    if (!facts.ok) return facts
    const { epoch, judged } = await this.#current({ organisation_id, facts: facts.value, purpose })
    return ok(permitsOf(judged, { epoch, purpose, at_ms: this.#platform.world.now() }))
  }

  /** Has Cedar asked about a viewer ahead of their first question, for every purpose: at sign-in, or when their standing changes. Problem: `request/invalid`. */
  async prepare(organisation_id: number, viewer: Viewer): Promise<Result<void>> {
    const facts = factsOf(viewer)
    if (!facts.ok) return facts
    for (const purpose of purposes) await this.#current({ organisation_id, facts: facts.value, purpose })
    return ok(undefined)
  }

  /** Has Cedar asked about new labels and a new policy set for all viewers who are known, before they ask. */
  async renew(): Promise<void> {
    const states = new Map<number, State>()
    // Those of now: what is renewed goes to the end of the map.
    const held = [...this.#known.values()]
    for (const known of held) {
      const { organisation_id } = known.asked
      const state = states.get(organisation_id) ?? await this.#state(organisation_id)
      states.set(organisation_id, state)
      if (!isCurrent(known, state)) await this.#current(known.asked)
    }
  }

  async #current(asked: Asked): Promise<Known> {
    const key = `${asked.organisation_id} ${asked.purpose} ${classText(asked.facts)}`
    for (;;) {
      const state = await this.#state(asked.organisation_id)
      const known = this.#known.get(key)
      if (known && isCurrent(known, state)) return this.#hold(key, known)
      // A policy set or label that came while Cedar was asked is seen in the next turn.
      const filled = this.#under_way.get(key) ?? this.#begin(key, asked, state)
      await filled
    }
  }

  #begin(key: string, asked: Asked, state: State): Promise<Known> {
    const filling = this.#fill(asked, state).then((known) => this.#hold(key, known)).finally(() => this.#under_way.delete(key))
    this.#under_way.set(key, filling)
    return filling
  }

  async #state(organisation_id: number): Promise<State> {
    const { db } = this.#platform
    const state = await stateOf(db, organisation_id)
    if (state) return state
    await beginPolicies(this.#platform, organisation_id)
    return (await stateOf(db, organisation_id))!
  }

  /** Newest use last; the first go when there are too many. */
  #hold(key: string, known: Known): Known {
    this.#held += known.judged.size - (this.#known.get(key)?.judged.size ?? 0)
    this.#known.delete(key)
    this.#known.set(key, known)
    for (const [other, { judged }] of this.#known) {
      if (this.#held <= judged_max || other === key) break
      this.#known.delete(other)
      this.#held -= judged.size
    }
    return known
  }

  async #fill(asked: Asked, { epoch }: State): Promise<Known> {
    const { organisation_id, facts, purpose } = asked
    const { db, world } = this.#platform
    const labels = await labelsOf(db, organisation_id)
    const hash = createHash('sha256').update(classText(facts)).digest()
    const inClass = async (t: Kysely<unknown>): Promise<Of> => ({ class_id: await classOf(t, organisation_id, hash, new Date(world.now())), purpose, epoch })
    const kept = new Map((await verdictsOf(db, await db.transaction().execute(inClass))).map((row) => [row.label_id, row.phases]))
    const missing = labels.filter(({ id }) => !kept.has(id))
    if (missing.length > 0) {
      const { policies } = unwrap(readPolicySet(await epochText(db, organisation_id, epoch)))
      const made = await this.#ask(policies, facts, purpose, missing)
      await db.transaction().execute(async (t) => keepVerdicts(t, await inClass(t), made))
      for (const [id, phases] of made) kept.set(id, phases)
    }
    return { asked, epoch, labels: labels.length, judged: new Map(labels.map(({ id, text, label }) => [id, { id, text, label, phases: kept.get(id)! }])) }
  }

  /** Labels that policies cannot tell apart (two embargoes that have ended) are asked about once. */
  async #ask(policies: readonly Policy[], facts: ViewerFacts, purpose: Purpose, labels: readonly InternedLabel[]): Promise<Map<number, PhaseVerdicts>> {
    const [principal, context] = [principalOf(facts), contextOf(purpose)]
    const said = new Map<string, Verdict>()
    const made = new Map<number, PhaseVerdicts>()
    for (const { id, label } of labels) {
      const phases: PhaseVerdicts = {}
      for (const phase of phasesOf(label)) {
        const resource = resourceOf(label, phase)
        const key = JSON.stringify(resource)
        let verdict = said.get(key)
        if (!verdict) {
          verdict = askCedar(policies, { principal, resource, context })
          said.set(key, verdict)
          if (++this.asked % ASKED_IN_A_ROW === 0) await otherWork()
        }
        phases[phase] = verdict
      }
      made.set(id, phases)
    }
    return made
  }
}
