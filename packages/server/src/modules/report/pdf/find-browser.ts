import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'] as const
/** Where the usual installers put it when it is not in PATH. */
const usual = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', '/snap/bin/chromium'] as const

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Path of the Chromium or Chrome that prints: the configured one alone, else the first in PATH. Undefined: there is none. */
export function findPrinter(configured: string, path: string | undefined): string | undefined {
  if (configured !== '') return isAbsolute(configured) && isProgram(configured) ? configured : undefined
  const directories = (path ?? '').split(delimiter).filter(isAbsolute)
  return [...names.flatMap((name) => directories.map((directory) => join(directory, name))), ...usual].find(isProgram)
}
