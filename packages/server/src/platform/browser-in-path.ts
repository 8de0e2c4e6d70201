import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'] as const

/** Whether a path is a file that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The first Chromium, else Chrome, in the absolute directories of a `PATH`. Undefined: there is none. */
export function browserInPath(path: string | undefined): string | undefined {
  const directories = (path ?? '').split(delimiter).filter(isAbsolute)
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isProgram)
}
