import type { SettingView } from '@hirundo/contract'

export const GIB = 2 ** 30

/** How a setting's value is shown and changed. */
export type SettingKind = 'number' | 'days' | 'hours' | 'bytes' | 'boolean' | 'text' | 'lines' | 'networks' | 'json'

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string')

/** By its key's last word, which is the unit, and by its default. */
export function kindOf({ key, default: given }: Pick<SettingView, 'key' | 'default'>): SettingKind {
  if (key === 'observatory.research_networks') return 'networks'
  // Its entries are objects, which an empty list does not show.
  if (key === 'notify.webhook_allow') return 'json'
  if (typeof given === 'boolean') return 'boolean'
  if (typeof given === 'number') {
    if (/_bytes(_max|_min)?$/.test(key)) return 'bytes'
    return /_days(_max|_min)?$/.test(key) ? 'days' : /_hours(_max|_min)?$/.test(key) ? 'hours' : 'number'
  }
  if (typeof given === 'string') return 'text'
  return isTexts(given) ? 'lines' : 'json'
}

/** A value as it is typed. */
export function typedOf(kind: SettingKind, value: unknown): string {
  if (kind === 'bytes') return String(Number(value) / GIB)
  if (kind === 'lines') return (value as string[]).join('\n')
  if (kind === 'json' || kind === 'networks') return JSON.stringify(value, null, 2)
  return String(value)
}

/** What was typed as a value; `undefined`: it is none. Whether the node accepts it, the node says. */
export function valueOf(kind: SettingKind, typed: string): unknown {
  if (kind === 'text') return typed.trim()
  if (kind === 'lines') return typed.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  if (kind === 'boolean') return typed === 'true'
  if (kind === 'json' || kind === 'networks') {
    try {
      return JSON.parse(typed) as unknown
    } catch {
      return undefined
    }
  }
  const number = typed.trim() === '' ? Number.NaN : Number(typed.trim().replace(',', '.'))
  if (!Number.isFinite(number)) return undefined
  return kind === 'bytes' ? Math.round(number * GIB) : number
}
