import { isAbsolute } from 'node:path'
import { browserInPath, isProgram } from '../../../platform/browser-in-path.ts'

/** Where the usual installers put it when it is not in PATH. */
const usual = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', '/snap/bin/chromium'] as const

/** Path of the Chromium or Chrome that prints: the configured one alone, else the first in PATH. Undefined: there is none. */
export function findPrinter(configured: string, path: string | undefined): string | undefined {
  if (configured !== '') return isAbsolute(configured) && isProgram(configured) ? configured : undefined
  return browserInPath(path) ?? usual.find(isProgram)
}
