import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'

/** What a policy can tell apart: the attributes that it reads, and the names that it writes down. */
export interface ReadSet {
  /** `principal.role`, `resource.tlp`, `context.purpose`; undefined: it looks at one of the three as a whole. */
  readonly attributes: ReadonlySet<string> | undefined
  /** Names of teams, communities and purposes that stand in it, by type. */
  readonly named: ReadonlyMap<string, ReadonlySet<string>>
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `principal` of `{ "Var": "principal" }`. */
const variable = (node: unknown): string | undefined => (isRecord(node) && typeof node['Var'] === 'string' ? node['Var'] : undefined)

/** The attribute that `.` and `has` read from a variable itself: of each depth, as what lies deeper belongs to it. */
function accessOf(key: string, node: unknown): { readonly of: string, readonly attribute: string } | undefined {
  if ((key !== '.' && key !== 'has') || !isRecord(node)) return undefined
  const of = variable(node['left'])
  const attribute = Array.isArray(node['attr']) ? node['attr'][0] as unknown : node['attr']
  return of !== undefined && typeof attribute === 'string' ? { of, attribute } : undefined
}

/** Reads Cedar's JSON of a policy. What it does not know it takes for reading everything. */
export function readSetOf({ principal, resource, conditions }: PolicyJson): ReadSet {
  const attributes = new Set<string>()
  const named = new Map<string, Set<string>>()
  let whole = [principal, resource].some(({ op }) => op === '==' || op === 'in')
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk)
    if (!isRecord(node)) return
    if (variable(node) !== undefined) whole = true
    if (typeof node['type'] === 'string' && typeof node['id'] === 'string') named.set(node['type'], (named.get(node['type']) ?? new Set()).add(node['id']))
    for (const [key, inner] of Object.entries(node)) {
      const access = accessOf(key, inner)
      if (access) attributes.add(`${access.of}.${access.attribute}`)
      else walk(inner)
    }
  }
  for (const { body } of conditions) walk(body)
  return { attributes: whole ? undefined : attributes, named }
}
