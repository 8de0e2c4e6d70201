import { layers, paps, purposes, tlps, viewerRoles, workLayers } from '@hirundo/contract'
import type { ReadSet } from './read-set.ts'

/** A piece of a question: attributes by `principal.…`, `resource.…`, `context.…`, and what people call it. */
export interface Choice {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Attributes that belong together, and every way in which they can stand to one another. */
export interface Dimension {
  readonly name: 'tlp' | 'time' | 'layer' | 'purpose' | 'role' | 'pap' | 'circle'
  readonly choices: readonly Choice[]
}

/** Teams and communities that policies may name, together. */
export const named_max = 8

const entity = (type: string) => (id: string) => ({ __entity: { type, id } })
const [tlp, layer, circle, role, purpose, pap, team, community] = ['Tlp', 'Layer', 'Circle', 'Role', 'Purpose', 'Pap', 'Team', 'Community'].map(entity) as [E, E, E, E, E, E, E, E]
type E = ReturnType<typeof entity>

const tlpChoices: readonly Choice[] = tlps.map((name) => ({ name, attributes: { 'resource.tlp': tlp(name) } }))
const roleChoices: readonly Choice[] = viewerRoles.map((name) => ({ name, attributes: { 'principal.role': role(name) } }))
const papChoices: readonly Choice[] = ['none', ...paps].map((name) => ({ name, attributes: { 'resource.pap': pap(name) } }))
const timeChoices: readonly Choice[] = [['open', false, false], ['under embargo', true, false], ['expired', false, true]].map(([name, embargoed, expired]) =>
  ({ name: String(name), attributes: { 'resource.embargoed': embargoed, 'resource.expired': expired } }))

/** Every set of these. */
const subsets = <T>(of: readonly T[]): readonly (readonly T[])[] => of.reduce<(readonly T[])[]>((all, one) => [...all, ...all.map((some) => [...some, one])], [[]])
const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(' and '))

/**
 * The thing's layer and those that the viewer works for. Layers that no policy names are alike: one stands for the thing's, and
 * another for what else the viewer may work for.
 */
function layerChoices(named: ReadonlySet<string>): readonly Choice[] {
  const known = workLayers.filter((name) => named.has(name))
  const [first, second] = workLayers.filter((name) => !named.has(name))
  const held = subsets([...known, ...[first, second].filter((name) => name !== undefined)])
  return layers.filter((name) => name === 'public' || name === first || named.has(name))
    .flatMap((name) => held.map((of) => ({ name: `${name}|${listed(of)}`, attributes: { 'resource.layer': layer(name), 'principal.layers': of.map(layer) } })))
}

/** Purposes that no policy names are alike: one for what is asked, another for what the thing is for, a third for what else is agreed to. */
function purposeChoices(named: ReadonlySet<string>): readonly Choice[] {
  const [first, second, third] = purposes.filter((name) => !named.has(name))
  const asked_of = purposes.filter((name) => named.has(name) || name === first)
  const things = purposes.filter((name) => asked_of.includes(name) || name === second)
  const held = subsets(purposes.filter((name) => things.includes(name) || name === third))
  return asked_of.flatMap((asked) => ['any' as const, ...things].flatMap((of) => held.map((agreed) => ({
    name: `for ${of}, asked for ${asked}, agreed to ${listed(agreed)}`,
    attributes: { 'resource.purpose': purpose(of), 'context.purpose': purpose(asked), 'principal.purposes': agreed.map(purpose) },
  }))))
}

const standings = ['no member', 'member', 'suspended', 'suspended, advisories left open'] as const
type Standing = (typeof standings)[number]
type Standings = Readonly<Record<string, Standing>>

/**
 * Every way to stand in the communities that policies name and in one that they do not (A, the thing's), and whether the viewer is
 * a member, suspended, or suspended with advisories left open anywhere else (B, C, D).
 */
function allStandings(communities: readonly string[]): readonly Standings[] {
  const ways: readonly (readonly [string, readonly Standing[]])[] = [
    ...['A', ...communities].map((id) => [id, standings] as const), ['B', ['no member', 'member']], ['C', ['no member', 'suspended']], ['D', ['no member', 'suspended, advisories left open']],
  ]
  return ways.reduce<Standings[]>((all, [id, each]) => all.flatMap((one) => each.map((standing) => ({ ...one, [id]: standing }))), [{}])
}

interface Seen {
  readonly name: string
  readonly team: string | null
  readonly attributes: Choice['attributes']
}

function viewerOf(own: boolean, id: string | null, standing: Standings): Seen {
  const who = id === null ? 'public' : `${own ? 'own team' : 'another team'}${id === ANY_TEAM ? '' : ` ${id}`}`
  const where = Object.entries(standing).filter(([, one]) => one !== 'no member')
  const inside = (...of: readonly Standing[]) => where.filter(([, one]) => of.includes(one)).map(([name]) => community(name))
  return {
    name: [who, ...where.map(([name, one]) => `${one} of ${name}`)].join(', '), team: id,
    attributes: {
      'principal.own': own, ...(id === null ? {} : { 'principal.team': team(id) }), 'principal.receiving': inside('member'),
      'principal.suspended': inside('suspended', 'suspended, advisories left open'), 'principal.carved': inside('suspended, advisories left open'),
    },
  }
}

const ANY_TEAM = 'any'
/** How a viewer can stand to a circle, with a team and a community that policies do not name, and with those that they do. */
function circleChoices(teams: readonly string[], communities: readonly string[]): readonly Choice[] {
  const ids = [ANY_TEAM, ...teams]
  const viewers = [viewerOf(false, null, {}), ...allStandings(communities).flatMap((standing) => ids.flatMap((id) => [viewerOf(true, id, standing), viewerOf(false, id, standing)]))]
  const thing = (kind: string, more: Choice['attributes'] = {}) => ({ 'resource.circle': circle(kind), 'resource.teams': [], ...more })
  const lists = subsets([ANY_TEAM, 'other', ...teams]).filter((list) => list.length > 0)
  const things: readonly Choice[] = [
    { name: 'own', attributes: thing('own') },
    ...lists.map((list) => ({ name: `teams: ${listed(list.map((id) => (id === ANY_TEAM ? 'the viewer’s, where no policy names it' : id)))}`, attributes: thing('teams', { 'resource.teams': list.map(team) }) })),
    ...['A', ...communities].map((id) => ({ name: `community ${id}`, attributes: thing('community', { 'resource.community': community(id) }) })),
  ]
  return viewers.flatMap((viewer) => things.map(({ name, attributes }) => ({ name: `${name}; ${viewer.name}`, attributes: { ...attributes, ...viewer.attributes } })))
}

/**
 * Everything that policies can be asked, up to names that they do not write down: Cedar tells two entities apart only by naming
 * one, so one name that no policy has stands for all of them. Undefined: more than `named_max` are named.
 */
export function dimensionsOf(reads: readonly ReadSet[]): readonly Dimension[] | undefined {
  const named = (type: string): ReadonlySet<string> => new Set(reads.flatMap((read) => [...(read.named.get(type) ?? [])]))
  const [teams, communities] = [[...named('Team')], [...named('Community')]]
  if (teams.length + communities.length > named_max) return undefined
  const dimensions: readonly Dimension[] = [
    { name: 'tlp', choices: tlpChoices }, { name: 'time', choices: timeChoices }, { name: 'layer', choices: layerChoices(named('Layer')) }, { name: 'purpose', choices: purposeChoices(named('Purpose')) },
    { name: 'role', choices: roleChoices }, { name: 'pap', choices: papChoices }, { name: 'circle', choices: circleChoices(teams, communities) },
  ]
  // What no policy reads makes no difference.
  return dimensions.map(({ name, choices }) => (reads.some((read) => isReadBy(read, choices)) ? { name, choices } : { name, choices: [{ ...choices[0]!, name: ANYTHING }] }))
}

export const ANYTHING = 'any'

/** Whether a policy reads one of the attributes that these choices set. */
export const isReadBy = ({ attributes }: ReadSet, choices: readonly Choice[]): boolean =>
  attributes === undefined || choices.some((choice) => Object.keys(choice.attributes).some((name) => attributes.has(name)))
