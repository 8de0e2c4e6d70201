import { sizes } from './style/rules.ts'
import { el, frame, pathOf, text, type FigureFrame, type SvgChild, type SvgNode } from './svg/node.ts'
import { fitText, textWidth } from './text-width.ts'

export interface SlopeItem {
  readonly key: string
  readonly label: string
  /** Rank in each of the two periods; null: not among the ranks shown. */
  readonly before: number | null
  readonly now: number | null
}
export interface SlopeInput extends FigureFrame {
  readonly items: readonly SlopeItem[]
  /** Ranks shown, 1 to this. */
  readonly ranks: number
  readonly texts: { readonly before: string, readonly now: string }
}

export const SLOPE_RANKS_MAX = 50
const ROW = 22

const shown = (rank: number | null, ranks: number): rank is number => rank !== null && rank >= 1 && rank <= ranks

/** How ranks changed between two periods: who is there in both is joined, who climbed in the accent, who came or went has one end. */
export function slope(input: SlopeInput): SvgNode {
  const width = Math.max(240, input.width)
  const ranks = Math.max(1, Math.min(SLOPE_RANKS_MAX, Math.floor(input.ranks) || 1))
  const items = input.items.filter(({ before, now }) => shown(before, ranks) || shown(now, ranks)).slice(0, 2 * SLOPE_RANKS_MAX)
  const side = Math.min(width * 0.38, Math.max(40, ...items.map(({ label }) => textWidth(label, sizes.label) + 36)))
  const [left, right] = [side, width - side]
  const y = (rank: number) => 26 + (rank - 0.5) * ROW
  const end = (item: SlopeItem, rank: number, x: number, anchor: 'start' | 'end'): SvgChild[] => {
    const away = anchor === 'end' ? -8 : 8
    const label = fitText(item.label, side - 34, sizes.label)
    return [
      el('circle', { class: climbs(item) ? 'accent' : 'arrow', cx: x, cy: y(rank), r: 3 }),
      text(x + away, y(rank) + 4, anchor === 'end' ? `${label}  ${rank}` : `${rank}  ${label}`, 'label', anchor),
    ]
  }
  return frame(input, width, 26 + ranks * ROW + 6, [
    text(left, 14, input.texts.before, 'small', 'end'), text(right, 14, input.texts.now, 'small'),
    ...items.map((item) => el('g', { 'data-key': item.key }, [
      shown(item.before, ranks) && shown(item.now, ranks)
        ? el('path', { class: climbs(item) ? 'line s1' : 'axis', d: pathOf([[left, y(item.before)], [right, y(item.now)]]) }) : undefined,
      ...(shown(item.before, ranks) ? end(item, item.before, left, 'end') : []),
      ...(shown(item.now, ranks) ? end(item, item.now, right, 'start') : []),
    ])),
  ])
}

const climbs = ({ before, now }: SlopeItem): boolean => now !== null && (before === null || now < before)
