/** Attributes under the names that React knows: `class` → `className`, `stroke-width` → `strokeWidth`. */
export function reactAttrs(attrs: Readonly<Record<string, string | number>>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(attrs).map(([name, value]) => [reactName(name), value]))
}

function reactName(name: string): string {
  if (name === 'class') return 'className'
  if (name.startsWith('aria-') || name.startsWith('data-')) return name
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
