import type { AddressBytes } from '@hirundo/base'
import { Places, type Place } from './model.ts'

/** A verified claim. `team`: any name of a team by which teams are told apart. */
export interface Claim extends Place {
  readonly team: number
}

export interface Owner {
  readonly team: number
  /** What holds the address: the most specific of the team. */
  readonly kind: 'cidr' | 'asn'
  readonly value: string
}

/** Who answers for an address. Pure: made from the verified claims of one moment. */
export interface Owners {
  /**
   * Teams whose verified constituency holds the address, most specific first: by prefix length, then by AS. The economy is never a
   * reason by itself; of teams that are equal otherwise, those that answer for the economy too come first. Each team once.
   */
  ownerOf(address: AddressBytes, asn: number | null, economy: string | null): readonly Owner[]
}

/** From verified claims only: whoever passes others routes to who only says so. */
export function makeOwners(claims: readonly Claim[]): Owners {
  const places = new Places(claims)
  return {
    ownerOf(address, asn, economy) {
      const local = new Set(economy === null ? [] : places.at(`economy ${economy}`).map(({ team }) => team))
      const equals = (found: readonly Claim[]): Claim[] => found.toSorted((a, b) => Number(local.has(b.team)) - Number(local.has(a.team)) || a.team - b.team)
      const networks = new Map<string, Claim[]>()
      for (const claim of places.around({ bytes: address, bits: 128 })) networks.set(claim.value, [...(networks.get(claim.value) ?? []), claim])
      // Widest first, so the last is the most specific.
      const ordered = [...[...networks.values()].toReversed().flatMap(equals), ...equals(asn === null ? [] : places.at(`asn ${asn}`))]
      const seen = new Set<number>()
      const owners: Owner[] = []
      for (const { team, kind, value } of ordered) {
        if (seen.has(team)) continue
        seen.add(team)
        owners.push({ team, kind: kind as Owner['kind'], value })
      }
      return owners
    },
  }
}
