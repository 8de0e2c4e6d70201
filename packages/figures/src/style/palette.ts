/** Every colour that a figure uses, by what it means. */
export const colourNames = [
  'ink', 'muted', 'grid', 'ground', 'accent', 'bar', 'warn', 'empty', 'hatch', 'heat-ink', 'heat-ink-strong',
  'series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6',
  'heat-1', 'heat-2', 'heat-3', 'heat-4', 'heat-5',
] as const
export type ColourName = (typeof colourNames)[number]
export type Palette = Readonly<Record<ColourName, string>>

/** Colours on paper and in files; the series differ for the three common kinds of colour blindness and have 3:1 on white. */
export const printPalette: Palette = {
  ink: '#1c2530', muted: '#566170', grid: '#dfe4e9', ground: '#ffffff', accent: '#1f5f99', bar: '#8fb3d4', warn: '#a85a00',
  empty: '#f3f5f7', hatch: '#aab3bd', 'heat-ink': '#1c2530', 'heat-ink-strong': '#ffffff',
  'series-1': '#1f5f99', 'series-2': '#c4500a', 'series-3': '#00795c', 'series-4': '#9b4f96', 'series-5': '#8a6800', 'series-6': '#4a5560',
  'heat-1': '#e3edf6', 'heat-2': '#b9d3e9', 'heat-3': '#7fadd4', 'heat-4': '#3674aa', 'heat-5': '#174a7c',
}

/** The same meanings on a dark ground. */
export const darkPalette: Palette = {
  ink: '#e4e9ee', muted: '#9aa6b2', grid: '#2b343e', ground: '#12171d', accent: '#7cb7ea', bar: '#3d668c', warn: '#e8a04c',
  empty: '#1a2129', hatch: '#4d5863', 'heat-ink': '#e4e9ee', 'heat-ink-strong': '#0f1419',
  'series-1': '#6db3ee', 'series-2': '#f2935c', 'series-3': '#4cc5a0', 'series-4': '#d79bd4', 'series-5': '#d9b44a', 'series-6': '#a9b4c0',
  'heat-1': '#1c2f42', 'heat-2': '#24486a', 'heat-3': '#326c9e', 'heat-4': '#5d9fd6', 'heat-5': '#b3d7f5',
}

/** Custom properties of a theme, for a style sheet: `--figure-ink: #1c2530; …`. */
export const paletteProperties = (palette: Palette): string =>
  colourNames.map((name) => `--figure-${name}: ${palette[name]};`).join(' ')
