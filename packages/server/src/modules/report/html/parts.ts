import type { QuarterReport } from '@hirundo/contract'
import { svgText, type SvgNode } from '@hirundo/figures'
import type { Words } from '../texts.ts'
import { html, trusted, type Html } from './html.ts'

/** What every section is made of: the report, its language, and the numbers of figures and tables. */
export interface Page {
  readonly report: QuarterReport
  readonly words: Words
  /** The next number of a kind; sections take theirs before the text that names it. */
  number(kind: 'table' | 'figure'): number
}

/** Pixels that a printed page has between its margins at 96 to the inch. */
export const FIGURE_WIDTH = 650

export function newPage(report: QuarterReport, words: Words): Page {
  const used = { table: 0, figure: 0 }
  return { report, words, number: (kind) => ++used[kind] }
}

/** A table up to this length is not broken over pages. */
const SHORT_ROWS_MAX = 12

export interface Column<T> {
  readonly title: string
  readonly value: (row: T) => Html | string
  /** Stands to the right. */
  readonly number?: boolean
  readonly kind?: string
}

const classOf = (column: { readonly number?: boolean, readonly kind?: string }): string => [column.number ? 'number' : '', column.kind ?? ''].join(' ').trim()

export function table<T>({ words }: Page, number: number, caption: string, rows: readonly T[], columns: readonly Column<T>[], located = false): Html {
  return html`<div class="wide"><table class="${rows.length <= SHORT_ROWS_MAX ? 'short' : 'long'}"><caption>${words.say('table', { number, caption })}</caption><thead><tr>${columns.map((column) =>
    html`<th scope="col" class="${classOf(column)}">${column.title}</th>`)}</tr></thead><tbody>${rows.map((row) =>
    html`<tr>${columns.map((column) => html`<td class="${classOf(column)}">${column.value(row)}</td>`)}</tr>`)}</tbody></table>${located ? note(words) : undefined}</div>`
}

const note = (words: Words): Html => html`<p class="note">${words.say('note')}</p>`

export const figure = ({ words }: Page, number: number, caption: string, svg: SvgNode, located = false): Html =>
  html`<figure><figcaption>${words.say('figure', { number, caption })}</figcaption>${trusted(svgText(svg, { style: false }))}${located ? note(words) : undefined}</figure>`

export const list = (items: readonly string[]): Html => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`

/** A numbered section; parts are numbered 1.1, 1.2 … */
export function section(number: number, title: string, ...content: readonly (Html | undefined)[]): Html {
  return html`<section><h2><span class="number">${number}</span>${title}</h2>${content}</section>`
}
export const part = (number: string, title: string, ...content: readonly (Html | undefined)[]): Html =>
  html`<section><h3><span class="number">${number}</span>${title}</h3>${content}</section>`
