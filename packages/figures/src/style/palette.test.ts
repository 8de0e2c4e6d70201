import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { darkPalette, printPalette, type ColourName, type Palette } from './palette.ts'

/** Relative luminance and contrast of WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
function contrast(palette: Palette, one: ColourName, other: ColourName): number {
  const [low, high] = [luminance(palette[one]), luminance(palette[other])].toSorted((a, b) => a - b)
  return (high! + 0.05) / (low! + 0.05)
}

for (const [name, palette] of Object.entries({ print: printPalette, dark: darkPalette })) {
  describe(`palette ${name}`, () => {
    it('lets every text be read: 4.5 to 1', () => {
      const pairs: readonly (readonly [ColourName, ColourName])[] = [
        ['ink', 'ground'], ['muted', 'ground'], ['accent', 'ground'], ['warn', 'ground'], ['muted', 'empty'],
        ['heat-ink', 'heat-1'], ['heat-ink', 'heat-2'], ['heat-ink', 'heat-3'], ['heat-ink-strong', 'heat-4'], ['heat-ink-strong', 'heat-5'],
        ['series-1', 'ground'], ['series-2', 'ground'], ['series-3', 'ground'], ['series-4', 'ground'], ['series-5', 'ground'], ['series-6', 'ground'],
      ]
      for (const [text, ground] of pairs) assert.ok(contrast(palette, text, ground) >= 4.5, `${text} on ${ground}: ${contrast(palette, text, ground).toFixed(2)}`)
    })

    it('orders the shades of heat by lightness, away from the ground', () => {
      const steps = (['ground', 'heat-1', 'heat-2', 'heat-3', 'heat-4', 'heat-5'] as const).map((step) => Math.abs(luminance(palette[step]) - luminance(palette.ground)))
      assert.deepEqual(steps, steps.toSorted((a, b) => a - b))
    })
  })
}
