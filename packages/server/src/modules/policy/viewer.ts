import { fail, ok, type Result } from '@hirundo/base'
import type { Layer, Viewer } from '@hirundo/contract'
import { communityKey } from './label.ts'

export type { Viewer }

/** What policies can see of a viewer, each list in one order and without repeats. */
export interface ViewerFacts {
  readonly team: string | null
  readonly own: boolean
  readonly role: Viewer['role']
  readonly layers: readonly Layer[]
  readonly purposes: readonly Viewer['purposes'][number][]
  /** Communities, by `communityKey`, in which the viewer's team may receive. */
  readonly receiving: readonly string[]
  /** Of which it is a member and may not. */
  readonly suspended: readonly string[]
  /** Those of `suspended` whose public advisories reach it all the same. */
  readonly carved: readonly string[]
}

const sorted = <T extends string>(values: Iterable<T>): readonly T[] => [...new Set(values)].toSorted()

/** Problem: `request/invalid` where the facts contradict each other. */
export function factsOf(viewer: Viewer): Result<ViewerFacts> {
  const { team, own, role, communities } = viewer
  const keys = communities.map(communityKey)
  const is_public = role === 'public'
  if (is_public !== (team === null)) return fail('request/invalid', { what: 'viewer.team' })
  if (is_public && (own || keys.length > 0)) return fail('request/invalid', { what: 'viewer.role' })
  if (new Set(keys).size !== keys.length) return fail('request/invalid', { what: 'viewer.communities' })
  const suspended = communities.filter(({ scopes }) => !scopes.includes('receive'))
  return ok({
    team, own, role, layers: sorted(viewer.layers), purposes: sorted(viewer.purposes),
    receiving: sorted(communities.filter(({ scopes }) => scopes.includes('receive')).map(communityKey)),
    suspended: sorted(suspended.map(communityKey)),
    carved: sorted(suspended.filter(({ carve_outs }) => carve_outs.includes('public-advisories')).map(communityKey)),
  })
}

/** One text for all viewers that no policy can tell apart. */
export const classText = ({ team, own, role, layers, purposes, receiving, suspended, carved }: ViewerFacts): string =>
  JSON.stringify([team, own, role, layers, purposes, receiving, suspended, carved])
