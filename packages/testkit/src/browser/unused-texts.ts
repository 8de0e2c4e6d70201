// Which texts of the catalogues no page and no report says any more.

/** The static parts of a template literal around one or more `${…}`. */
const template = /`((?:[^`\\$]|\\.|\$(?!\{))*\$\{[^`]*)`/g
const literal = /(['"])((?:(?!\1)[^\\\n])*)\1/g

/** What one source says of keys: whole ones, and patterns of those that it puts together. */
function keysIn(source: string): { readonly whole: readonly string[]; readonly patterns: readonly RegExp[] } {
  const whole = [...source.matchAll(literal)].map(([, , text]) => text!)
  const patterns = [...source.matchAll(template)].flatMap(([, text]) => {
    const parts = text!.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    // A template that does not name at least its area would use every text.
    return /^[a-z_-]+\\\.\w*/.test(parts[0]!) ? [new RegExp(`^${parts.join('[\\w-]+')}$`)] : []
  })
  return { whole, patterns }
}

/** The keys that no source names, neither whole nor put together by a template that begins with the area. */
export function unusedKeys(keys: readonly string[], sources: readonly string[]): string[] {
  const found = sources.map(keysIn)
  const whole = new Set(found.flatMap((one) => one.whole))
  const patterns = found.flatMap((one) => one.patterns)
  return keys.filter((key) => !whole.has(key) && !patterns.some((pattern) => pattern.test(key)))
}
