import { fail, ok, type Result } from '@hirundo/base'
import { NOT_IN_NAMES } from '@hirundo/contract'
import { tooDeep } from '../../../platform/http/json-body.ts'
import { isMailAddress } from '../../../platform/notify/mail-address.ts'
import { plainText } from '../../../platform/notify/plain-text.ts'
import { readFingerprint } from '../keys/model.ts'
import { isPartOfDate } from '../teams/model.ts'
import { bounds } from '../tools.ts'
import { UnreadFields } from './unread.ts'

/** A team as the FIRST teams API says it, as far as it was understood. */
export interface FirstTeam {
  readonly source_id: string
  readonly short_name: string
  readonly fields: { readonly name: string; readonly host: string | null; readonly economy: string | null; readonly website: string | null; readonly established: string | null }
  readonly economies: readonly string[]
  readonly contacts: readonly { readonly purpose: 'general' | 'emergency'; readonly channel: 'mail' | 'phone' | 'fax'; readonly value: string }[]
  readonly fingerprint: string | null
  /** By number of RFC 2350. */
  readonly sections: Readonly<Record<string, string>>
}

export interface FirstList {
  readonly teams: readonly FirstTeam[]
  /** Of the list: public, or for FIRST's members only. */
  readonly is_public: boolean
  readonly unread: UnreadFields
}

const not_in_names = new RegExp(`[${NOT_IN_NAMES}]`)
const LIST_MAX = 20
const envelope = new Set(['status', 'status-code', 'version', 'last-modified', 'total', 'access', 'data', 'limit', 'offset'])
/** Fields that are known and for which the directory has no place. */
const no_place = new Set(['membership', 'member-since', 'last-modified', 'pgp-id', 'pgp-key', 'region', 'timezone-dst', 'url'])
const section_of: Readonly<Record<string, string>> = { address: '2.2', timezone: '2.3', 'other-communication': '2.6', 'operating-hours': '2.11', constituency: '3.2', 'constituency-description': '3.2' }

type Bag = Readonly<Record<string, unknown>>
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads the fields of one team, and says of each that it could not. */
class Reader {
  readonly #bag: Bag
  readonly #unread: UnreadFields
  readonly #where: string

  constructor(bag: Bag, unread: UnreadFields, where: string) {
    this.#bag = bag
    this.#unread = unread
    this.#where = where
  }

  /** The texts of a field that holds one or several; empty ones say nothing. */
  texts(field: string): string[] {
    const value = this.#bag[field]
    if (value === undefined || value === null || value === '') return []
    const all = Array.isArray(value) ? value : [value]
    if (all.length > LIST_MAX || !all.every((one) => typeof one === 'string' && one.isWellFormed() && !one.includes('\0'))) {
      this.not(field)
      return []
    }
    return (all as string[]).map((one) => one.trim()).filter((one) => one !== '')
  }

  /** Those that `reads` understands; of the others it is said that they were not. */
  each<T>(field: string, reads: (text: string) => T | null): T[] {
    return this.texts(field).flatMap((text) => {
      const value = reads(text)
      if (value === null) this.not(field)
      return value === null ? [] : [value]
    })
  }

  /** The first; that there were more is said. */
  one<T>(field: string, reads: (text: string) => T | null): T | null {
    const [first, ...more] = this.each(field, reads)
    if (more.length > 0) this.#unread.add(field, 'no-place', this.#where)
    return first ?? null
  }

  not(field: string): void {
    this.#unread.add(field, 'not-understood', this.#where)
  }
}

const name = (chars_max: number) => (text: string): string | null => (text.length <= chars_max && !not_in_names.test(text) ? text : null)
const economy = (text: string): string | null => (/^[A-Z]{2}$/.test(text.toUpperCase()) ? text.toUpperCase() : null)
const website = (text: string): string | null => {
  const url = text.length <= 500 && URL.canParse(text) ? new URL(text) : undefined
  return url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' ? url.href : null
}
const phone = (text: string): string | null => (text.length <= 100 && /\d/.test(text) && !not_in_names.test(text) ? text : null)
const fingerprint = (text: string): string | null => {
  const read = readFingerprint('openpgp', text)
  return read.ok ? read.value : null
}

function readTeam(bag: Bag, unread: UnreadFields, where: string): FirstTeam | undefined {
  const read = new Reader(bag, unread, where)
  const [source_id, short_name] = [read.one('id', name(100)), read.one('team', name(60))]
  if (source_id === null || short_name === null) return undefined
  const sections: Record<string, string> = {}
  for (const [field, number] of Object.entries(section_of)) {
    const text = plainText(read.texts(field).join('\n'), 4000)
    if (text !== '') sections[number] = sections[number] === undefined ? text : `${sections[number]}\n${text}`
  }
  const own = read.one('country', economy)
  const contact = <C extends FirstTeam['contacts'][number]['channel']>(field: string, purpose: 'general' | 'emergency', channel: C, reads: (text: string) => string | null) => read.each(field, reads).map((value) => ({ purpose, channel, value }))
  for (const field of Object.keys(bag)) {
    if (no_place.has(field)) unread.add(field, 'no-place', source_id)
    else if (!known.has(field)) unread.add(field, 'unknown-field', source_id)
  }
  return {
    source_id, short_name, sections, fingerprint: read.one('pgp-fingerprint', fingerprint),
    fields: { name: read.one('team-full', name(200)) ?? short_name, host: read.one('host', name(100)), economy: own, website: read.one('website', website), established: read.one('establishment', (text) => (/^\d{4}(-\d{2}){0,2}$/.test(text) && isPartOfDate(text) ? text : null)) },
    economies: [...new Set([...(own === null ? [] : [own]), ...read.each('country-other', economy)])],
    contacts: [...contact('email', 'general', 'mail', (text) => (isMailAddress(text) ? text : null)), ...contact('phone', 'general', 'phone', phone), ...contact('phone-emergency', 'emergency', 'phone', phone), ...contact('fax', 'general', 'fax', phone)],
  }
}
const known = new Set([...Object.keys(section_of), 'id', 'team', 'team-full', 'host', 'country', 'country-other', 'website', 'establishment', 'pgp-fingerprint', 'email', 'phone', 'phone-emergency', 'fax'])

function parsed(text: string): unknown {
  try {
    return tooDeep(text) ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * A list as `https://api.first.org/data/v1/teams` gives it: `status` "OK" and `data`, a list of teams. Strict: what is not of this
 * form is refused as a whole, and what of a team is not understood is named by field. Problem: `import/unreadable`.
 */
export function readFirst(text: string): Result<FirstList> {
  const unreadable = (what: string) => fail('import/unreadable', { what })
  const list = parsed(text)
  if (!isBag(list)) return unreadable('json')
  if (list['status'] !== 'OK') return unreadable('status')
  const data = list['data']
  if (!Array.isArray(data)) return unreadable('data')
  if (data.length > bounds.imported_teams_max) return fail('import/unreadable', { what: 'data', max: bounds.imported_teams_max })
  const unread = new UnreadFields()
  for (const field of Object.keys(list)) if (!envelope.has(field)) unread.add(field, 'unknown-field', 'the list')
  if (typeof list['total'] === 'number' && list['total'] > data.length) unread.add('total', 'partial', `${data.length} of ${list['total']}`)
  const teams = new Map<string, FirstTeam>()
  for (const [i, bag] of data.entries()) {
    const team = isBag(bag) ? readTeam(bag, unread, String(bag['id'] ?? `entry ${i}`)) : undefined
    if (team === undefined || teams.has(team.source_id)) unread.add('data', 'not-understood', `entry ${i}`)
    else teams.set(team.source_id, team)
  }
  return ok({ teams: [...teams.values()], is_public: list['access'] === 'public', unread })
}
