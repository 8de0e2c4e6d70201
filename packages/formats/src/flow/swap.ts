/** Words of addresses are kept as numbers; rows carry them most significant byte first. */
export const swapBytes = (word: number): number =>
  (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)
