import { posix } from 'node:path'
import type { Import } from './import-graph.ts'
import { browserSafe, moduleRanks, npmAllowed, packageLayers } from './layers.ts'

interface Place {
  readonly package: string
  /** `platform`, `app` or `modules/<name>` inside the server. */
  readonly area: string
  readonly inner: string
}

function placeOf(path: string): Place {
  const [, name = '', , first = '', second = ''] = path.split('/')
  const area = name === 'server' ? (first === 'modules' ? `modules/${second}` : first) : ''
  return { package: name, area, inner: path.split('/').slice(area.startsWith('modules/') ? 5 : 3).join('/') }
}

/** Tests, and what only tests import: doubles, fixtures, the stores' exam. */
const isTest = (file: string): boolean =>
  file.endsWith('.test.ts') || file.endsWith('.fixture.ts') || file.includes('/testing/') || file.includes('/exam/')

/** The composition root and the package's own door see everything below. */
const isTop = (place: Place): boolean => place.area === 'app' || (place.package === 'server' && place.area === 'index.ts')

function checkServerArea(from: Place, to: Place): string | undefined {
  if (from.area === to.area || isTop(from)) return undefined
  if (from.area === 'platform') return `platform knows nothing of ${to.area}`
  if (to.area === 'platform') return undefined
  if (to.area === 'app') return 'modules know nothing of app'
  if (to.inner !== 'index.ts') return `only the door ${to.area}/index.ts may be imported`
  const rank = (area: string) => moduleRanks[area.slice('modules/'.length)]
  const [own, other] = [rank(from.area), rank(to.area)]
  if (own === undefined || other === undefined) return 'a module has no rank in scripts/house/layers.ts'
  return own > other ? undefined : `${from.area} (rank ${own}) may not import ${to.area} (rank ${other}); equals talk by events`
}

function checkRelative(entry: Import): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(entry.file), entry.specifier))
  const [from, to] = [placeOf(entry.file), placeOf(target)]
  if (from.package !== to.package || !target.startsWith('packages/')) return 'another package is imported by its name, not by path'
  return from.package === 'server' && !isTest(entry.file) ? checkServerArea(from, to) : undefined
}

function checkPackage(from: Place, name: string): string | undefined {
  const own = name.slice('@hirundo/'.length).split('/')[0]!
  const allowed = packageLayers[from.package]
  if (!allowed) return `package ${from.package} is not in scripts/house/layers.ts`
  if (own === 'sensor' && from.package === 'server' && !isTop(from)) return 'only app may import the sensor'
  return own === from.package || allowed.includes(own) ? undefined : `${from.package} may not import ${own}`
}

function checkNpm(entry: Import, from: Place, declared: (pkg: string) => ReadonlySet<string>): string | undefined {
  const name = entry.specifier.split('/').slice(0, entry.specifier.startsWith('@') ? 2 : 1).join('/')
  if (isTest(entry.file)) return undefined
  const allowed = npmAllowed[from.package]
  if (allowed && !allowed.includes(name)) return `${from.package} takes no npm package but ${allowed.join(', ') || 'none'}`
  return declared(from.package).has(name) ? undefined : `${name} is not declared in the package's package.json`
}

/** Every import that breaks a rule, as `file → specifier: why`. `declared` gives a package's dependencies. */
export function brokenImports(graph: readonly Import[], declared: (pkg: string) => ReadonlySet<string>): string[] {
  const check = (entry: Import): string | undefined => {
    const from = placeOf(entry.file)
    if (entry.specifier.startsWith('.')) return checkRelative(entry)
    if (entry.specifier.startsWith('node:')) {
      return browserSafe.includes(from.package) && !isTest(entry.file) ? `${from.package} must run in a browser` : undefined
    }
    return entry.specifier.startsWith('@hirundo/') ? checkPackage(from, entry.specifier) : checkNpm(entry, from, declared)
  }
  return graph.flatMap((entry) => {
    const why = check(entry)
    return why ? [`${entry.file} → ${entry.specifier}: ${why}`] : []
  })
}
