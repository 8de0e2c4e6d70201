/**
 * Who may import whom. Imports go down only; `docs/adr/0001` says why. A package may import itself, what is listed
 * here and Node's built-ins; npm packages must be declared in its package.json.
 */
export const packageLayers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  contract: ['base'],
  formats: ['base'],
  journal: ['base'],
  sensor: ['base', 'contract', 'formats', 'journal'],
  analytics: ['base'],
  figures: ['base'],
  web: ['base', 'contract', 'figures'],
  server: ['analytics', 'base', 'contract', 'figures', 'formats', 'journal', 'sensor', 'web'],
  testkit: ['analytics', 'base', 'contract', 'figures', 'formats', 'journal', 'sensor', 'server', 'web'],
}

/** Rank of each module of the server; a module imports only the doors (`index.ts`) of lower ranks. */
export const moduleRanks: Readonly<Record<string, number>> = {
  directory: 0,
  policy: 1,
  federation: 2,
  observatory: 3,
  warning: 4,
  cases: 4,
  cleanup: 4,
  sites: 4,
  intel: 4,
  measure: 5,
  exercise: 5,
  capability: 5,
  report: 6,
}

/** Packages that must run in a browser or as one file: no npm package at run time but those named. */
export const npmAllowed: Readonly<Record<string, readonly string[]>> = {
  base: [],
  contract: ['typebox'],
  formats: [],
  journal: [],
  sensor: [],
  figures: [],
}

/** Packages that must not touch Node's built-ins either. */
export const browserSafe: readonly string[] = ['base', 'contract', 'figures', 'web']
