import { setImmediate as otherWork } from 'node:timers/promises'
import { fail, ok, type Result } from '@hirundo/base'
import type { PolicyDiff, Tuple } from '@hirundo/contract'
import { askCedar } from '../cedar/engine.ts'
import type { Policy, PolicySet } from '../cedar/policy-set.ts'
import type { CedarRequest } from '../cedar/request.ts'
import { ANYTHING, dimensionsOf, isReadBy, type Choice, type Dimension } from './dimensions.ts'
import { readSetOf, type ReadSet } from './read-set.ts'

/** Of one policy: questions to Cedar, and places of its table. Beyond that it reads too much at once. */
const asked_max = 20_000
const places_max = 500_000
/** Turns of a comparison, each of `COMPARED_IN_A_ROW` steps. */
const turns_max = 1000
const shown_max = 100
const ASKED_IN_A_ROW = 16
const COMPARED_IN_A_ROW = 50_000

/** Whether one policy is satisfied, for each combination of the dimensions that it reads. */
interface Table {
  readonly effect: Policy['effect']
  /** By dimension: what one choice more adds to the place in `satisfied`; 0 where it is not read. */
  readonly strides: readonly number[]
  readonly satisfied: Uint8Array
}

function requestFor(choices: readonly Choice[]): CedarRequest {
  const request: Record<string, Record<string, unknown>> = { principal: {}, resource: {}, context: {} }
  for (const [name, value] of choices.flatMap(({ attributes }) => Object.entries(attributes))) {
    const [of, attribute] = name.split('.') as [string, string]
    request[of]![attribute] = value
  }
  return request as unknown as CedarRequest
}

/** A policy that forbids is satisfied where it takes away what everybody would have. */
const everybody: Policy = { id: 'everybody', effect: 'permit', text: '@id("everybody") permit (principal, action, resource);', json: { effect: 'permit', principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' }, conditions: [] } }
const isSatisfied = (policy: Policy, request: CedarRequest): boolean =>
  policy.effect === 'permit' ? askCedar([policy], request).allowed : !askCedar([policy, everybody], request).allowed

function isSatisfiedAt({ strides, satisfied }: Table, place: readonly number[]): boolean {
  let at = 0
  for (let i = 0; i < place.length; i++) at += strides[i]! * place[i]!
  return satisfied[at] === 1
}

/** Values of the attributes that the policy reads: where they are the same, so is its answer. */
const whatIsRead = (chosen: readonly Choice[], { attributes }: ReadSet): string =>
  JSON.stringify(chosen.flatMap((choice) => Object.entries(choice.attributes).filter(([name]) => attributes === undefined || attributes.has(name))))

/** Asks Cedar once for each way in which what the policy reads can be. Problem: `policy/too-wide`. */
async function tableOf(policy: Policy, dimensions: readonly Dimension[], read: ReadSet): Promise<Result<Table>> {
  const used = dimensions.map(({ choices }) => isReadBy(read, choices))
  const strides: number[] = []
  let size = 1
  for (const [i, { choices }] of dimensions.entries()) {
    strides.push(used[i] ? size : 0)
    if (used[i]) size *= choices.length
  }
  if (size > places_max) return fail('policy/too-wide', { policy: policy.id })
  const satisfied = new Uint8Array(size)
  const known = new Map<string, number>()
  for (let at = 0; at < size; at++) {
    const chosen = dimensions.map(({ choices }, i) => choices[strides[i] === 0 ? 0 : Math.floor(at / strides[i]!) % choices.length]!)
    const key = whatIsRead(chosen, read)
    let value = known.get(key)
    if (value === undefined) {
      if (known.size >= asked_max) return fail('policy/too-wide', { policy: policy.id })
      value = isSatisfied(policy, requestFor(chosen)) ? 1 : 0
      known.set(key, value)
      if (known.size % ASKED_IN_A_ROW === 0) await otherWork()
    }
    satisfied[at] = value
    if (at % COMPARED_IN_A_ROW === 0) await otherWork()
  }
  return ok({ effect: policy.effect, strides, satisfied })
}

/** As Cedar combines policies: one that permits, and none that forbids. */
function allows(tables: readonly Table[], place: readonly number[]): boolean {
  let permitted = false
  for (const table of tables) {
    if (!isSatisfiedAt(table, place)) continue
    if (table.effect === 'forbid') return false
    permitted = true
  }
  return permitted
}

function tupleOf(dimensions: readonly Dimension[], place: readonly number[]): Tuple {
  const named = Object.fromEntries(dimensions.map(({ name, choices }, i) => [name, choices[place[i]!]!.name])) as Record<Dimension['name'], string>
  const [layer = '', viewer_layers = ANYTHING] = named.layer.split('|')
  return { tlp: named.tlp, layer, viewer_layers, circle: named.circle, role: named.role, purpose: named.purpose, time: named.time, pap: named.pap }
}

/** What cannot be: the public has no team, and whoever has none is the public. */
const isPossible = ({ circle, role }: Tuple): boolean => circle === ANYTHING || role === ANYTHING || circle.endsWith('; public') === (role === 'public')

interface Compared {
  readonly dimensions: readonly Dimension[]
  /** Forbidding policies that both sets have, by the last dimension that they read: where one is satisfied, both refuse, whatever follows. */
  readonly shared: readonly (readonly Table[])[]
  readonly before: readonly Table[]
  readonly after: readonly Table[]
}

/** Every combination in turn, but those in which both sets refuse for the same reason; yields where others should have their turn. */
function* differences({ dimensions, shared, before, after }: Compared, found: (is_allowed: boolean, place: readonly number[]) => void): Generator<'turn', void> {
  const place = dimensions.map(() => 0)
  let visited = 0
  function* walk(depth: number): Generator<'turn', void> {
    for (let choice = 0; choice < dimensions[depth]!.choices.length; choice++) {
      place[depth] = choice
      if (++visited % COMPARED_IN_A_ROW === 0) yield 'turn'
      if (shared[depth]!.some((table) => isSatisfiedAt(table, place))) continue
      if (depth + 1 < dimensions.length) yield* walk(depth + 1)
      else {
        const is_allowed = allows(after, place)
        if (is_allowed !== allows(before, place)) found(is_allowed, place)
      }
    }
  }
  yield* walk(0)
}

async function compare(compared: Compared): Promise<Result<Omit<PolicyDiff, 'base_epoch'>>> {
  const { dimensions } = compared
  const diff = { combinations: dimensions.reduce((size, { choices }) => size * choices.length, 1), newly_allowed: 0, newly_refused: 0, allowed: [] as Tuple[], refused: [] as Tuple[] }
  let turns = 0
  for (const turn of differences(compared, (is_allowed, place) => {
    const tuple = tupleOf(dimensions, place)
    if (!isPossible(tuple)) return
    diff[is_allowed ? 'newly_allowed' : 'newly_refused']++
    const list = is_allowed ? diff.allowed : diff.refused
    if (list.length < shown_max) list.push(tuple)
  })) {
    if (++turns > turns_max) return fail('policy/too-wide')
    if (turn === 'turn') await otherWork()
  }
  return ok({ ...diff, widens: diff.newly_allowed > 0 })
}

/** Tables of both sets, each policy's made once. Problem: `policy/too-wide`. */
async function tablesOf(policies: readonly Policy[], dimensions: readonly Dimension[], reads: ReadonlyMap<string, ReadSet>): Promise<Result<ReadonlyMap<string, Table>>> {
  const tables = new Map<string, Table>()
  for (const policy of policies) {
    if (tables.has(policy.text)) continue
    const table = await tableOf(policy, dimensions, reads.get(policy.text)!)
    if (!table.ok) return table
    tables.set(policy.text, table.value)
  }
  return ok(tables)
}

/**
 * What `after` would newly allow and refuse, over every combination of TLP, time, layer, purpose, role, PAP, circle and standing that
 * policies can tell apart. Problem: `policy/too-wide` where a policy reads too much at once or too many names are in play.
 */
export async function diffPolicies(before: PolicySet, after: PolicySet): Promise<Result<Omit<PolicyDiff, 'base_epoch'>>> {
  const all = [...before.policies, ...after.policies]
  const reads = new Map(all.map((policy) => [policy.text, readSetOf(policy.json)]))
  const dimensions = dimensionsOf([...reads.values()])
  if (!dimensions) return fail('policy/too-wide')
  const tables = await tablesOf(all, dimensions, reads)
  if (!tables.ok) return tables
  const isShared = ({ text, effect }: Policy): boolean => effect === 'forbid' && [before, after].every(({ policies }) => policies.some((one) => one.text === text))
  const alone = ({ policies }: PolicySet) => policies.filter((policy) => !isShared(policy)).map(({ text }) => tables.value.get(text)!)
  const shared = before.policies.filter(isShared).map(({ text }) => tables.value.get(text)!)
  const last = ({ strides }: Table): number => Math.max(0, strides.findLastIndex((stride) => stride > 0))
  return compare({ dimensions, shared: dimensions.map((_, i) => shared.filter((table) => last(table) === i)), before: alone(before), after: alone(after) })
}
