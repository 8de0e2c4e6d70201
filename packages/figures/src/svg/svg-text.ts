import { figureRules } from '../style/rules.ts'
import { printPalette } from '../style/palette.ts'
import { el, type SvgChild, type SvgNode } from './node.ts'

export interface SvgTextOptions {
  /** Rules inside the file, so that it looks right alone; false inside a page that has them already. */
  readonly style?: boolean
  /** BCP 47 of the texts, for the fonts of a viewer. */
  readonly language?: string
  /** Machine-readable origin: goes into `metadata` as text. */
  readonly metadata?: string
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** XML 1.0 has no way to write most control characters, and lone surrogates cannot be encoded. */
const writable = (value: string): string =>
  value.toWellFormed().replaceAll(/[\p{Cc}\ufffe\uffff]/gu, (sign) => ('\t\n\r'.includes(sign) ? sign : '\ufffd'))

/** Text made safe for XML and HTML, in content and in quoted attributes. */
export const escapeXml = (value: string): string =>
  writable(value).replaceAll(/[&<>"']/g, (sign) => escapes[sign]!)

function print(node: SvgChild): string {
  if (typeof node === 'string') return escapeXml(node)
  // A link of the page leads nowhere from a file on a disk.
  const tag = node.tag === 'a' ? 'g' : node.tag
  const attrs = Object.entries(node.attrs)
    .filter(([name]) => node.tag !== 'a' || name !== 'href')
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`).join('')
  const inner = (node.children ?? []).map(print).join('')
  return inner === '' ? `<${tag}${attrs}/>` : `<${tag}${attrs}>${inner}</${tag}>`
}

/**
 * A figure as a standalone SVG file: everything escaped, colours of the print palette, no script, no outside reference.
 * With `style: false` the element alone, for a page that carries `figureRules` itself.
 */
export function svgText(node: SvgNode, options: SvgTextOptions = {}): string {
  const { style = true, language, metadata } = options
  const [head, rest] = [(node.children ?? []).slice(0, 2), (node.children ?? []).slice(2)]
  const extra: SvgNode[] = [
    ...(metadata === undefined ? [] : [el('metadata', {}, [metadata])]),
    ...(style ? [el('style', {}, [figureRules((name) => printPalette[name])])] : []),
  ]
  return print({
    ...node,
    attrs: { xmlns: 'http://www.w3.org/2000/svg', ...(language === undefined ? {} : { 'xml:lang': language }), ...node.attrs },
    children: [...head, ...extra, ...rest],
  })
}
