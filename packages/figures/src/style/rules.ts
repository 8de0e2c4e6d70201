import type { ColourName } from './palette.ts'

/** Sizes of text in figures, in pixels; the widths that figures reserve are computed from them. */
export const sizes = { label: 12, small: 11, code: 10 } as const

/** Second channel of each series beside its colour: dashes that stay apart in print and for the colour-blind. */
export const dashes: readonly (string | undefined)[] = [undefined, '7 3', '2 2', '9 3 2 3', '12 4', '1 3']

/**
 * The rules of all figures. `colour` gives what stands for a colour: a custom property in a page, a value in a file
 * (many viewers of SVG know no custom properties).
 */
export function figureRules(colour: (name: ColourName) => string): string {
  const c = colour
  const series = [1, 2, 3, 4, 5, 6].map((n) => {
    const own = c(`series-${n}` as ColourName)
    return `.figure .s${n} { stroke: ${own}; } .figure .f${n} { fill: ${own}; }`
  })
  const heat = [1, 2, 3, 4, 5].map((n) => `.figure .h${n} { fill: ${c(`heat-${n}` as ColourName)}; }`)
  return [
    `.figure { font-family: system-ui, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }`,
    `.figure text { fill: ${c('ink')}; font-size: ${sizes.label}px; }`,
    `.figure text.small { fill: ${c('muted')}; font-size: ${sizes.small}px; }`,
    `.figure text.head { font-size: 14px; font-weight: 600; }`,
    `.figure text.code { font-size: ${sizes.code}px; } .figure text.code.on { fill: ${c('heat-ink')}; } .figure text.code.strong { fill: ${c('heat-ink-strong')}; }`,
    `.figure .detail { fill: ${c('muted')}; font-size: ${sizes.small}px; }`,
    `.figure text.warn, .figure text.small.warn { fill: ${c('warn')}; } .figure text.up { fill: ${c('accent')}; }`,
    `.figure .grid { stroke: ${c('grid')}; stroke-width: 1; fill: none; } .figure .axis { stroke: ${c('muted')}; stroke-width: 1; fill: none; }`,
    `.figure .line { fill: none; stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round; } .figure .lead { stroke: ${c('grid')}; stroke-width: 1; fill: none; }`,
    `.figure .mark { stroke: ${c('ground')}; stroke-width: 1; } .figure .band { stroke: none; fill-opacity: 0.16; }`,
    `.figure .bar { fill: ${c('bar')}; } .figure .accent { fill: ${c('accent')}; } .figure .arrow { fill: ${c('muted')}; } .figure .arrow.up { fill: ${c('accent')}; }`,
    `.figure .hot { fill: ${c('warn')}; } .figure .event { fill: ${c('warn')}; fill-opacity: 0.12; } .figure .moment { stroke: ${c('warn')}; stroke-width: 1.5; fill: none; }`,
    `.figure .fan { fill: ${c('series-1')}; fill-opacity: 0.15; stroke: none; }`,
    `.figure .ground { fill: ${c('ground')}; }`,
    `.figure .empty { fill: ${c('empty')}; } .figure .hatch { stroke: ${c('hatch')}; stroke-width: 1; } .figure .hatched { stroke: ${c('hatch')}; stroke-width: 1; }`,
    `.figure .hit { fill: transparent; stroke: none; } .figure a:focus-visible .hit, .figure a:hover .hit { fill: ${c('accent')}; fill-opacity: 0.1; }`,
    ...series, ...heat,
  ].join('\n')
}
