import { MINUTE_S } from '@hirundo/base'

/** Start of the minute of a second. */
export const minuteOf = (second: number): number => second - (second % MINUTE_S)
