import { sizes } from './style/rules.ts'
import { el, shifted, text, type SvgNode } from './svg/node.ts'
import { textWidth } from './text-width.ts'

export interface Caption {
  /** Above the figure: what, when. */
  readonly head: readonly string[]
  /** Below: simulated, coverage, location of address, the query. */
  readonly foot: readonly string[]
}

/** Breaks at spaces, or anywhere in scripts that write none. */
function wrap(value: string, width_px: number, size_px: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of value.match(/[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*|\s+/gu) ?? []) {
    if (line !== '' && textWidth(line + word.trimEnd(), size_px) > width_px) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += word
  }
  return [...lines, line.trimEnd()].slice(0, 8)
}

/** A figure that leaves its page: with its title above, and below it everything a reader must know to judge it. */
export function captioned(figure: SvgNode, caption: Caption): SvgNode {
  const [width, height] = [Number(figure.attrs.width), Number(figure.attrs.height)]
  const heads = caption.head.flatMap((one) => wrap(one, width, 14))
  const feet = caption.foot.flatMap((one) => wrap(one, width, sizes.small))
  const top = heads.length * 20 + (heads.length > 0 ? 8 : 0)
  const total = [width + 32, top + height + feet.length * 16 + 40] as const
  return {
    ...figure,
    attrs: { ...figure.attrs, width: total[0], height: total[1], viewBox: `0 0 ${total[0]} ${total[1]}` },
    children: [
      ...(figure.children ?? []).slice(0, 2),
      el('rect', { class: 'ground', width: total[0], height: total[1] }),
      shifted(16, 14, [
        ...heads.map((line, i) => text(0, 14 + i * 20, line, 'head')),
        shifted(0, top, (figure.children ?? []).slice(2)),
        ...feet.map((line, i) => text(0, top + height + 18 + i * 16, line, 'small')),
      ]),
    ],
  }
}
