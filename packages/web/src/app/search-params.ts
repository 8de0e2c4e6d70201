/** What stands behind ? in the address: every value a text or a list of texts, so that links stay readable. */
export type SearchParams = Readonly<Record<string, string | readonly string[] | undefined>>

export function parseSearch(text: string): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const before = all[name]
    all[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return all
}

export function stringifySearch(params: Record<string, unknown>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null && one !== '') search.append(name, String(one))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

export const oneOf = (value: unknown): string | undefined => (Array.isArray(value) ? (value[0] as string | undefined) : typeof value === 'string' ? value : undefined)
export const listOf = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? [value] : [])
