import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome'] as const

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * Path of the Chromium or Chrome that browser tests use: `HIRUNDO_BROWSER`, else the first one in `PATH`. Undefined when
 * there is none, or when `HIRUNDO_BROWSER` is empty: so a machine that has one can do without these tests.
 */
export function findBrowser(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const named = env['HIRUNDO_BROWSER']
  if (named !== undefined) return named === '' ? undefined : named
  const directories = (env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '')
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isProgram)
}
