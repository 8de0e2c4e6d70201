import { hatchOf, rowAt } from './marks/shapes.ts'
import { timeTicks } from './scale/time.ts'
import { sizes } from './style/rules.ts'
import { el, frame, pathOf, text, type FigureFrame, type SvgChild, type SvgNode } from './svg/node.ts'
import { fitText, textWidth } from './text-width.ts'

export interface Span {
  readonly from_ms: number
  readonly to_ms: number
  /** `hole`: unknown, hatched; `partly`: true for some of the time, drawn thinner. */
  readonly kind?: 'hole' | 'partly' | undefined
}
export interface SpanRow {
  readonly key: string
  readonly label: string
  /** Addition to the label in grey, left out in narrow figures. */
  readonly detail?: string | undefined
  readonly spans: readonly Span[]
  /** At the right end of the row. */
  readonly value_text?: string | undefined
  /** Shown on pointing; the row is read out by its own texts. */
  readonly text: string
  readonly href?: string | undefined
}
export interface SpansInput extends FigureFrame {
  readonly from_ms: number
  readonly to_ms: number
  readonly rows: readonly SpanRow[]
  readonly locale: string
  /** IANA zone of the axis; the caller says it beside the figure. */
  readonly zone: string
  /** Head of the values at the right. */
  readonly texts: { readonly value?: string | undefined }
}

export const SPAN_ROWS_MAX = 200
export const SPANS_PER_ROW_MAX = 500
const ROW = 24
const HEAD = 22

interface Places { readonly left: number, readonly right: number, readonly x: (at_ms: number) => number }

const widest = (texts: readonly string[]): number => texts.reduce((most, one) => Math.max(most, textWidth(one, sizes.label)), 0)

function placesOf(input: SpansInput, rows: readonly SpanRow[], width: number): Places {
  const narrow = width < 480
  const labels = widest(rows.map((row) => row.label + (narrow || !row.detail ? '' : ` ${row.detail}`))) + 12
  const head = input.texts.value === undefined ? 0 : textWidth(input.texts.value, sizes.small)
  const values = Math.max(head, widest(rows.map((row) => row.value_text ?? '')))
  const left = Math.min(labels, width * (narrow ? 0.42 : 0.34))
  const right = Math.max(left + 30, width - (values > 0 ? values + 12 : 4))
  const span = Math.max(1, input.to_ms - input.from_ms)
  const x = (at_ms: number) => left + Math.min(1, Math.max(0, (at_ms - input.from_ms) / span)) * (right - left)
  return { left, right, x }
}

/** A moment would be too thin to see: every span is at least three pixels wide. */
function spanOf({ from_ms, to_ms, kind }: Span, { x, left, right }: Places, id: string): SvgNode {
  const wide = Math.max(3, x(to_ms) - x(from_ms))
  const at = Math.max(left, Math.min(x(from_ms), right - wide))
  return kind === 'hole'
    ? el('rect', { class: 'hatched', x: at, y: 5, width: wide, height: 14, fill: `url(#${id}-hatch)` })
    : el('rect', { class: 'bar', x: at, y: kind === 'partly' ? 10 : 6, width: wide, height: kind === 'partly' ? 4 : 12 })
}

function rowOf(row: SpanRow, i: number, input: SpansInput, places: Places, width: number): SvgNode {
  const label = fitText(row.label, places.left - 10, sizes.label)
  const room = places.left - 16 - textWidth(label, sizes.label)
  const detail = row.detail && width >= 480 && room > 30 ? fitText(row.detail, room, sizes.small) : undefined
  // The row's own words hold its numbers: heard, they come once.
  const inner: SvgChild[] = [
    el('title', {}, [row.text]),
    el('rect', { class: 'hit', x: 0, y: 0, width, height: ROW }),
    el('text', { x: 0, y: 16, class: 'label' }, [label, detail ? el('tspan', { class: 'detail', dx: 6, 'aria-hidden': 'true' }, [detail]) : undefined]),
    ...row.spans.slice(0, SPANS_PER_ROW_MAX).filter(({ from_ms, to_ms }) => to_ms >= from_ms).map((span) => spanOf(span, places, input.id)),
    ...(row.value_text === undefined ? [] : [el('g', { 'aria-hidden': 'true' }, [text(width, 16, row.value_text, 'value', 'end')])]),
  ]
  return rowAt(HEAD + i * ROW, row, inner)
}

/** What lasted from when to when: a row each, times to the right, holes hatched, a value at the end of the row. */
export function spans(input: SpansInput): SvgNode {
  const width = Math.max(220, input.width)
  const rows = input.rows.slice(0, SPAN_ROWS_MAX)
  const places = placesOf(input, rows, width)
  const bottom = HEAD + rows.length * ROW
  const ticks = timeTicks(input.from_ms, input.to_ms, Math.max(2, (places.right - places.left) / 90), input.locale, input.zone)
  let free = places.left
  const labels = ticks.flatMap(({ at_ms, label }) => {
    const wide = textWidth(label, sizes.small)
    const at = Math.min(places.right - wide / 2, Math.max(places.left + wide / 2, places.x(at_ms)))
    if (at - wide / 2 < free) return []
    free = at + wide / 2 + 8
    return [text(at, 13, label, 'small', 'middle')]
  })
  return frame(input, width, bottom + 4, [
    rows.some((row) => row.spans.some(({ kind }) => kind === 'hole')) ? hatchOf(input.id) : undefined,
    ...labels,
    input.texts.value === undefined ? undefined : text(width, 13, input.texts.value, 'small', 'end'),
    ...ticks.map(({ at_ms }) => el('path', { class: 'grid', d: pathOf([[places.x(at_ms), HEAD - 4], [places.x(at_ms), bottom]]) })),
    ...rows.map((row, i) => rowOf(row, i, input, places, width)),
  ], rows.some((row) => row.href !== undefined))
}
