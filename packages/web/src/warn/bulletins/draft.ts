import { bulletinSlots, languages, type BulletinText, type BulletinView, type Language, type Tlp } from '@hirundo/contract'

/** What a person changed and has not saved. */
export interface Draft {
  /** Only languages that were changed here. */
  readonly texts: Readonly<Partial<Record<Language, BulletinText>>>
  /** Undefined: as it was. */
  readonly tlp: Tlp | undefined
  /** The bulletin as it was when the first change was made: an edit names its version. */
  readonly base: BulletinView
}
export const emptyDraft = (base: BulletinView): Draft => ({ texts: {}, tlp: undefined, base })

export const isChanged = ({ texts, tlp }: Draft): boolean => tlp !== undefined || Object.keys(texts).length > 0

/** A field that two people changed. */
export interface Conflict {
  readonly language: Language
  readonly slot: keyof BulletinText
  readonly theirs: string
}

const fields = ['title', ...bulletinSlots] as const

/** Own changes on top of what somebody saved meanwhile: each field as whoever changed it has it, and own where both did. */
export function rebased({ texts, tlp, base }: Draft, theirs: BulletinView): { readonly draft: Draft; readonly conflicts: readonly Conflict[] } {
  const conflicts: Conflict[] = []
  const kept: Partial<Record<Language, BulletinText>> = {}
  for (const language of languages) {
    const mine = texts[language]
    if (mine === undefined) continue
    const [before, now] = [base.texts[language], theirs.texts[language]]
    const text = { ...now }
    for (const slot of fields) {
      if (mine[slot] === before[slot]) continue
      if (now[slot] !== before[slot] && now[slot] !== mine[slot]) conflicts.push({ language, slot, theirs: now[slot] })
      text[slot] = mine[slot]
    }
    if (fields.some((slot) => text[slot] !== now[slot])) kept[language] = text
  }
  return { draft: { texts: kept, tlp: tlp === theirs.tlp ? undefined : tlp, base: theirs }, conflicts }
}
