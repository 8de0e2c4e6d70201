import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fail, ok, parseCidr, specialPurposeOf, type Result } from '@hirundo/base'
import type { NetworkTables } from '@hirundo/analytics'
import { csvRows } from './csv.ts'
import { mmdbRows } from './mmdb.ts'
import { networksOf } from './ranges.ts'
import { RESEARCH_AS_OF, researchScanners } from './research.ts'
import { SIMULATED_VERSION, simulatedBlocks, simulatedNetworks, simulatedResearch } from './simulated.ts'

const { resolve } = createRequire(import.meta.url)
const ECONOMY_PACKAGE = '@ip-location-db/geo-whois-asn-country'
const ASN_PACKAGE = '@ip-location-db/asn'
const as_name_chars_max = 200
/** Changes when other rows of the tables that come with the node are used than before. */
const USED_VERSION = 1

/** What an operator may put in the place of the tables that come with the node. */
export interface NetworkSettings {
  readonly economy_file: string
  readonly asn_file: string
  readonly research: readonly { readonly name: string; readonly cidr: string; readonly kind?: 'scanner' | 'not' | undefined }[]
}

/** Files of one table, when they were made, and what tells them from others. */
interface Source {
  readonly files: readonly string[]
  readonly as_of: string
  readonly version: string
  /** Comes with the node; what an operator's table says is meant. */
  readonly packaged: boolean
}

/** Package versions end in the date: 2.3.2026061719 is of 2026-06-17. */
async function packaged(name: string, files: readonly string[]): Promise<Source> {
  const { version } = JSON.parse(await readFile(resolve(`${name}/package.json`), 'utf8')) as { version: string }
  const [, year, month, day] = /(\d{4})(\d{2})(\d{2})\d{2}$/.exec(version) ?? []
  return { files: files.map((file) => resolve(`${name}/${file}`)), as_of: year ? `${year}-${month}-${day}` : version, version, packaged: true }
}

async function ofOperator(path: string): Promise<Source> {
  const { mtimeMs, size } = await stat(path)
  return { files: [path], as_of: new Date(mtimeMs).toISOString().slice(0, 10), version: `${path} ${mtimeMs} ${size}`, packaged: false }
}

export interface NetworkSources {
  readonly economies: Source
  readonly asns: Source
  /** Changes when anything does that is loaded. */
  readonly version: string
  readonly as_of: string
}

/** Where the tables come from under these settings. Rejects when a file cannot be reached. */
export async function networkSources(settings: NetworkSettings): Promise<NetworkSources> {
  const economies = await (settings.economy_file === ''
    ? packaged(ECONOMY_PACKAGE, ['geo-whois-asn-country-ipv4-num.csv', 'geo-whois-asn-country-ipv6-num.csv'])
    : ofOperator(settings.economy_file))
  const asns = await (settings.asn_file === ''
    ? packaged(ASN_PACKAGE, ['asn-ipv4-num.csv', 'asn-ipv6-num.csv'])
    : ofOperator(settings.asn_file))
  const all = [economies.version, asns.version, USED_VERSION, SIMULATED_VERSION, RESEARCH_AS_OF, settings.research]
  const version = createHash('sha256').update(JSON.stringify(all)).digest('hex')
  const same = economies.as_of === asns.as_of
  return { economies, asns, version, as_of: same ? economies.as_of : `economies ${economies.as_of}, networks ${asns.as_of}` }
}

interface Reading {
  readonly onBad: () => void
  readonly signal: AbortSignal | undefined
}

interface Entry {
  readonly networks: Iterable<string>
  readonly values: readonly string[]
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** Values of an MMDB record in the shapes that are in use: MaxMind's, and flat ones. */
function mmdbValues(record: unknown): { economy: string; asn: string; name: string } {
  const r = (record ?? {}) as Record<string, unknown>
  const country = (r['country'] ?? r['registered_country'] ?? {}) as Record<string, unknown> | string
  const economy = typeof country === 'string' ? country : text(country['iso_code'] ?? r['country_code'])
  return {
    economy,
    asn: text(r['autonomous_system_number'] ?? r['asn']).replace(/^AS/i, ''),
    name: text(r['autonomous_system_organization'] ?? r['name'] ?? r['as_name']),
  }
}

/** Entries of all files in groups; lines that are no range are counted by `onBad` and left out. */
async function* entries(files: readonly string[], kind: 'economy' | 'asn', { onBad, signal }: Reading): AsyncGenerator<readonly Entry[]> {
  for (const file of files) {
    if (file.toLowerCase().endsWith('.mmdb')) {
      for await (const [cidr, record] of mmdbRows(file)) {
        signal?.throwIfAborted()
        const { economy, asn, name } = mmdbValues(record)
        yield [{ networks: [cidr], values: kind === 'economy' ? [economy] : [asn, name] }]
      }
      continue
    }
    for await (const rows of csvRows(file, signal)) {
      yield rows.flatMap(([first = '', last = '', ...values]) => {
        const networks = networksOf(first, last)
        if (!networks) onBad()
        return networks ? [{ networks, values }] : []
      })
    }
  }
}

const maybe_special = /^(0|10|100|127|169|172|192|198|203|24\d|25\d)\.|^(::|64:|100:|2001:2:|2001:db8:|3fff:|5f00:|f)/

/** Registries list private and documentation networks under the economy of whoever looks after the register. */
export function isSpecial(cidr: string): boolean {
  if (!maybe_special.test(cidr)) return false
  const network = parseCidr(cidr)
  return network.ok && specialPurposeOf(network.value.bytes) !== undefined
}

async function* economyRows(source: Source, reading: Reading): AsyncGenerator<readonly [string, string]> {
  for await (const group of entries(source.files, 'economy', reading)) {
    for (const { networks, values: [code = ''] } of group) {
      if (!/^[A-Za-z]{2}$/.test(code)) reading.onBad()
      else for (const cidr of networks) if (!source.packaged || !isSpecial(cidr)) yield [cidr, code.toUpperCase()]
    }
  }
  yield* simulatedBlocks
}

async function* asnRows(source: Source, names: Map<number, string>, reading: Reading): AsyncGenerator<readonly [string, number, string]> {
  for await (const group of entries(source.files, 'asn', reading)) {
    for (const { networks, values: [number = '', given = ''] } of group) {
      const asn = Number(number)
      if (!/^\d{1,10}$/.test(number) || asn > 0xffff_ffff) {
        reading.onBad()
        continue
      }
      const name = given.slice(0, as_name_chars_max)
      if (!names.has(asn)) names.set(asn, name)
      for (const cidr of networks) yield [cidr, asn, name]
    }
  }
  for (const { cidr, asn, name } of simulatedNetworks) {
    names.set(asn, name)
    yield [cidr, asn, name]
  }
}

/** Networks of research scanners under these settings. Problem: `request/invalid` (a network that is none). */
export function researchRows(settings: NetworkSettings): Result<readonly (readonly [string, string])[]> {
  const rows = new Map([...researchScanners.flatMap(({ name, networks }) => networks.map((cidr) => [cidr, name] as const)), ...simulatedResearch])
  for (const { name, cidr, kind } of settings.research) {
    if (!parseCidr(cidr).ok) return fail('request/invalid', { what: 'cidr', value: cidr })
    if (kind === 'not') rows.delete(cidr)
    else rows.set(cidr, name)
  }
  return ok([...rows])
}

export interface LoadedNames {
  readonly names: Map<number, string>
  /** Lines that could not be used. */
  bad: number
}

/** The tables as the store takes them; `loaded` is filled while they are read. Reading them throws when `signal` aborts. */
export function networkTables(
  sources: NetworkSources, research: readonly (readonly [string, string])[], loaded: LoadedNames, signal?: AbortSignal,
): NetworkTables {
  const reading: Reading = {
    signal,
    onBad: () => {
      loaded.bad++
    },
  }
  return {
    economies: economyRows(sources.economies, reading), asns: asnRows(sources.asns, loaded.names, reading),
    research, as_of: sources.as_of,
  }
}
