import { browserInPath } from '@hirundo/server/browser-in-path'

/**
 * Path of the Chromium or Chrome that browser tests use: `HIRUNDO_BROWSER`, else the first one in `PATH`. Undefined when
 * there is none, or when `HIRUNDO_BROWSER` is empty: so a machine that has one can do without these tests.
 */
export function findBrowser(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const named = env['HIRUNDO_BROWSER']
  if (named !== undefined) return named === '' ? undefined : named
  return browserInPath(env['PATH'])
}
