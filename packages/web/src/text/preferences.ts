import { negotiateLanguage, languages, type Language } from '@hirundo/contract'
import { PSEUDO, type PageLanguage } from './languages.ts'

const LANGUAGE = 'hirundo.language'
const ZONE = 'hirundo.zone'
const THEME = 'hirundo.theme'

export type Theme = 'light' | 'dark' | 'system'

/** Storage may be forbidden or full: what was chosen then lasts as long as the page. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // See read.
  }
}

/** What was chosen on this machine, else what the browser asks for. */
export function chosenLanguage(): PageLanguage {
  const stored = read(LANGUAGE)
  if (stored === PSEUDO || languages.includes(stored as Language)) return stored as PageLanguage
  return negotiateLanguage(navigator.languages.join())
}
export const chooseLanguage = (language: PageLanguage): void => write(LANGUAGE, language)

const systemZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
export function chosenZone(): string {
  const stored = read(ZONE)
  try {
    if (stored !== null) return new Intl.DateTimeFormat('en', { timeZone: stored }).resolvedOptions().timeZone
  } catch {
    // A zone that this browser does not know.
  }
  return systemZone()
}
export const chooseZone = (zone: string): void => write(ZONE, zone)

export function chosenTheme(): Theme {
  const stored = read(THEME)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}
export function chooseTheme(theme: Theme): void {
  write(THEME, theme === 'system' ? null : theme)
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}
