import { escapeXml } from '@hirundo/figures'

/** Text that is markup already. Only `html` and `trusted` make it, so that whatever else is text stays text. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined | readonly Part[]

function partOf(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Html) return part.text
  return Array.isArray(part) ? part.map(partOf).join('') : escapeXml(String(part))
}

/** Markup with everything put into it escaped, but for what is markup already. Attributes must be quoted. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(texts.reduce((whole, text, i) => whole + partOf(parts[i - 1]) + text))

/** Markup from our own printers (`svgText`), which escape what they are given. */
export const trusted = (text: string): Html => new Html(text)
