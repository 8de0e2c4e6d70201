import { Places, type Place } from './model.ts'

/** A claim as overlaps are found by it. */
export interface Claimed extends Place {
  readonly id: number
  readonly team_id: number
}

export interface Pair<C extends Claimed> {
  readonly wider: C
  readonly narrower: C
}

/** Of two that are equal the one that was claimed first is called the wider. */
const isAfter = (one: Claimed, other: Claimed): boolean => one.id > other.id

/** Claims of other teams that `claim` overlaps among `places`, each as the wider: those that hold it. */
const holders = <C extends Claimed>(places: Places<C>, claim: C): C[] =>
  places.holding(claim).filter((other) => other.team_id !== claim.team_id && (other.value !== claim.value || isAfter(claim, other)))

/** Claims of different teams of which one holds the other, each pair once; at most `pairs_max`, and whether there are more. */
export function overlapsAmong<C extends Claimed>(claims: readonly C[], pairs_max: number): { readonly pairs: readonly Pair<C>[]; readonly more: boolean } {
  const places = new Places(claims)
  const pairs: Pair<C>[] = []
  for (const narrower of claims) {
    for (const wider of holders(places, narrower)) {
      if (pairs.length >= pairs_max) return { pairs, more: true }
      pairs.push({ wider, narrower })
    }
  }
  return { pairs, more: false }
}

/** The pairs that `claim` is one of. */
export function overlapsOf<C extends Claimed>(claim: C, others: readonly C[]): readonly Pair<C>[] {
  const all = others.filter(({ id }) => id !== claim.id)
  const around = holders(new Places(all), claim).map((wider) => ({ wider, narrower: claim }))
  const alone = new Places([claim])
  return [...around, ...all.flatMap((narrower) => holders(alone, narrower).map((wider) => ({ wider, narrower })))]
}
