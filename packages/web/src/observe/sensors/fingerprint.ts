const GROUP = 4
const CHARACTERS = 20

const bare = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

export interface ComparedGroup {
  readonly read: string
  readonly known: string
  readonly same: boolean
}
export interface Comparison {
  /** `partial`: more is to be read out; `long`: more was read than a fingerprint has. */
  readonly state: 'empty' | 'partial' | 'long' | 'same' | 'different'
  readonly groups: readonly ComparedGroup[]
  /** Numbers of the groups that differ, from 1. */
  readonly differ: readonly number[]
}

/** Groups of four, as people read them to one another. */
export const groupsOf = (text: string): string[] => bare(text).match(/.{1,4}/g) ?? []

/** What was read out against the fingerprint of the key; case, dashes and blanks do not count, as the node compares. */
export function compareFingerprint(read: string, known: string): Comparison {
  const [one, other] = [bare(read), bare(known)]
  const [read_groups, known_groups] = [groupsOf(one), groupsOf(other)]
  const groups = Array.from({ length: CHARACTERS / GROUP }, (_, i) => {
    const group = { read: read_groups[i] ?? '', known: known_groups[i] ?? '' }
    return { ...group, same: group.read === group.known }
  })
  const differ = groups.flatMap(({ same }, i) => (same ? [] : [i + 1]))
  const state = one === '' ? 'empty' : one.length < CHARACTERS ? 'partial' : one.length > CHARACTERS ? 'long' : one === other ? 'same' : 'different'
  return { state, groups, differ }
}
