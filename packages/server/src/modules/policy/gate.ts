import { formatMillis, ok, unwrap, type Result } from '@hirundo/base'
import type { Purpose, Viewer } from '@hirundo/contract'
import type { Permits } from './verdicts/permits.ts'
import type { Verdicts } from './verdicts/verdicts.ts'

/** Why something was or was not given: to be kept with what was sent. */
export interface Decision {
  readonly organisation_id: number
  readonly kind: string
  readonly id: string
  readonly allowed: boolean
  /** Ids of the policies that decided. */
  readonly policies: readonly string[]
  readonly epoch: number
  readonly purpose: Purpose
  /** RFC 3339. */
  readonly at: string
  /** Canonical text; null where the thing has none that the organisation knows. */
  readonly label: string | null
  /** Fields that were taken out. */
  readonly redactions: readonly { readonly field: string, readonly policies: readonly string[] }[]
}

/** The private field is what no other object has: not one that is written down, and not a copy of this one. */
class Sealed<T> {
  readonly #sealed = true
  readonly value: T
  readonly decision: Decision

  constructor(value: T, decision: Decision) {
    this.value = value
    this.decision = decision
    Object.freeze(this)
  }

  static is(value: unknown): boolean {
    return typeof value === 'object' && value !== null && #sealed in value && value.#sealed
  }
}

/**
 * What may leave: a value, and the decision that let it through. Whoever sends bytes (log, export, mail, webhook) takes this type, and
 * only the gate makes it.
 */
export type Released<T> = Sealed<T>

/** Something that may be released; fields with a label of their own are `F`. */
export interface Releasable<T extends object, F extends keyof T = never> {
  readonly organisation_id: number
  readonly kind: string
  readonly id: string
  /** Null: it has none, and is not released. */
  readonly label_id: number | null
  readonly value: T
  readonly field_labels?: Readonly<Partial<Record<F, number | null>>>
}

/** What is left when fields may have been taken out. */
export type Redacted<T, F extends keyof T> = [F] extends [never] ? T : Omit<T, F> & Partial<Pick<T, F>>

/** One of the two. */
export type Outcome<T> =
  | { readonly released: Released<T>, readonly refused?: undefined }
  | { readonly released?: undefined, readonly refused: Decision }

/** Gave it here, and not `new` on the class of one that was given. */
const passed = new WeakSet<object>()

/** Whether the gate made it, also where types were forgotten (a value that came back from a queue, or a cast). */
export const isReleased = (value: unknown): boolean => Sealed.is(value) && passed.has(value as object)

function seal<T>(value: T, decision: Decision): Released<T> {
  const made = new Sealed(value, decision)
  passed.add(made)
  return made
}

/** The one way out. There is none for administrators and none for tests. */
export class Gate {
  readonly #verdicts: Verdicts

  constructor(verdicts: Verdicts) {
    this.#verdicts = verdicts
  }

  /** Decides now. A viewer who contradicts themselves is a bug of the caller, who has checked what came from outside. */
  async release<T extends object, F extends keyof T = never>(item: Releasable<T, F>, viewer: Viewer, purpose: Purpose): Promise<Outcome<Redacted<T, F>>> {
    return unwrap(await this.releaseAll(item.organisation_id, [item], viewer, purpose))[0]!
  }

  /** Decides on all at one instant. Problem: `request/invalid` as of `factsOf`. */
  async releaseAll<T extends object, F extends keyof T = never>(organisation_id: number, items: readonly Releasable<T, F>[], viewer: Viewer, purpose: Purpose): Promise<Result<readonly Outcome<Redacted<T, F>>[]>> {
    if (items.some((item) => item.organisation_id !== organisation_id)) throw new Error('a thing of another organisation is to be released')
    const permits = await this.#verdicts.permits(organisation_id, viewer, purpose)
    return permits.ok ? ok(items.map((item) => decide(item, permits.value))) : permits
  }
}

function decide<T extends object, F extends keyof T>(item: Releasable<T, F>, permits: Permits): Outcome<Redacted<T, F>> {
  const verdict = permits.verdictOf(item.label_id)
  const taken = Object.entries(item.field_labels ?? {}).flatMap(([field, label_id]) => {
    const { allowed, policies } = permits.verdictOf(label_id as number | null)
    return allowed ? [] : [{ field, policies }]
  })
  const decision: Decision = {
    organisation_id: item.organisation_id, kind: item.kind, id: item.id, allowed: verdict.allowed, policies: verdict.policies, epoch: permits.epoch, purpose: permits.purpose,
    at: formatMillis(permits.at_ms), label: permits.textOf(item.label_id), redactions: verdict.allowed ? taken : [],
  }
  if (!verdict.allowed) return { refused: decision }
  const left = Object.fromEntries(Object.entries(item.value).filter(([field]) => !taken.some((one) => one.field === field)))
  return { released: seal(left as Redacted<T, F>, decision) }
}
