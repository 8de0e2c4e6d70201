export interface SettingRow { readonly name: string; readonly value: string }

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null

/** Settings as rows of a name and a value: what lies within another is named `outer.inner`, so that no row holds JSON. */
export function settingRows(settings: Readonly<Record<string, unknown>>, within = ''): SettingRow[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const name = `${within}${key}`
    if (isPlain(value)) return [{ name, value: String(value) }]
    if (Array.isArray(value) && value.every(isPlain)) return [{ name, value: value.length === 0 ? '—' : value.join(', ') }]
    return settingRows(value as Readonly<Record<string, unknown>>, `${name}.`)
  })
}
