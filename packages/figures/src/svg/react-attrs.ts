/** Attributes under the names that React knows: `class` → `className`, `stroke-width` → `strokeWidth`. */
export function reactAttrs(attrs: Readonly<Record<string, string | number>>): Record<string, string | number> {
  const made: Record<string, string | number> = {}
  for (const name in attrs) made[reactName(name)] = attrs[name]!
  return made
}

/** A figure has thousands of attributes and a few dozen names, all of them ours. */
const names = new Map([['class', 'className']])

function reactName(name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  const made = name.startsWith('aria-') || name.startsWith('data-') ? name : name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  names.set(name, made)
  return made
}
