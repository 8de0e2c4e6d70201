import { AddressBook } from './address-book.ts'

const V4_ADDRESSES = 2 ** 32

export type SavedTexts = readonly (readonly [number: number, text: string])[]

/** Texts of address numbers, for what is told when no slice is at hand: after a restart, before the first minute. */
export class AddressTexts {
  /** Of the last slice. */
  of: (number: number) => string

  constructor(saved: SavedTexts = []) {
    const known = new Map(saved)
    const { text } = new AddressBook()
    this.of = (number) => known.get(number) ?? text(number)
  }

  /** The texts of these numbers that do not follow from the number itself. */
  save(numbers: Iterable<number>): SavedTexts {
    return [...new Set(numbers)].filter((number) => number >= V4_ADDRESSES).map((number) => [number, this.of(number)])
  }
}
