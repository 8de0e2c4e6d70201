import { NOT_IN_NAMES } from '@hirundo/contract'

const never = new RegExp(`[${NOT_IN_NAMES}\\ufeff\\ufff9-\\ufffb]`, 'g')
const neverButNewline = new RegExp(`(?!\\n)[${NOT_IN_NAMES}\\ufeff\\ufff9-\\ufffb]`, 'g')

/** At most `chars_max` UTF-16 units, never half a character; what was cut ends in `…`. */
function cut(text: string, chars_max: number): string {
  return text.length <= chars_max ? text : `${text.slice(0, chars_max - 1).toWellFormed().replace(/\ufffd$/, '')}…`
}

/**
 * Text of others as one line: no control characters, no ends of lines (a header that held one would be two headers), nothing
 * that turns the direction of what is written around it.
 */
export const oneLine = (text: string, chars_max = 1000): string =>
  cut(text.toWellFormed().replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(never, '').trim(), chars_max)

/** As `oneLine`, and lines may end: always by `\n`. */
export const plainText = (text: string, chars_max = 100_000): string =>
  cut(text.toWellFormed().replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/\t/g, ' ').replace(neverButNewline, '').trimEnd(), chars_max)
