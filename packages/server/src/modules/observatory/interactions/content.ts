import type { HeardKey } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'

/*
 * What of an interaction is content: what strangers wrote, and what tells it. Only who holds the scope content:read
 * sees it. Others see figures, fingerprints and words of closed vocabularies: facts are shown by a list of what is
 * harmless, so that one that nobody thought of is hidden.
 */

export const readsContent = ({ scopes }: Pick<Actor, 'scopes'>): boolean => scopes.includes('content:read')

/** Stands for what was taken out. */
const CUT = '…'

const number = /^(0x)?[\da-f]{1,12}$/i
const word = /^[\w.+/-]{1,40}$/
const words = /^[\w.,:+ -]{1,60}$/
const hash = /^[\da-f]{32,64}$/
const ja4 = /^[\da-z]{1,16}_[\da-f]{12}_[\da-f]{12}$/

/** Facts that others see, and the form that each value must have. */
const openFacts: Readonly<Record<string, RegExp>> = {
  'http.method': /^[A-Z]{1,16}$/,
  'tls.ja4': ja4, 'tls.alpn': word,
  'ssh.hassh': hash, 'ssh.client_version': /^SSH-[\d.]{1,5}-[\w.+ -]{1,60}$/,
  'telnet.options': /^\w{1,8}:\d{1,3}$/,
  'mysql.plugin': word, 'rdp.protocols': words, 'smb.dialects': words, 'smb1.command': words, 'smb2.command': words, 'mqtt.version': word,
  'modbus.function': number, 'modbus.unit': number, 'modbus.range': /^\d{1,5}\+\d{1,5}$/,
  's7.function': number, 's7.userdata': words, 's7.destination_tsap': /^[\da-f]{1,32}$/,
  'enip.command': number, 'dnp3.function': words, 'dnp3.destination': number, 'dnp3.source': number, 'dnp3.application_function': words,
  'iec104.frames': words, 'iec104.type': number, 'iec104.address': number, 'bacnet.service': words, 'bacnet.property': words,
  'dns.opcode': number, 'dns.type': /^[A-Z\d]{1,12}$/, 'ntp.mode': number, 'ntp.version': number, 'ntp.request': number, 'ntp.control': words,
  'snmp.version': number, 'snmp.request': words, 'snmp.oid': /^[\d.]{1,128}$/, 'portmap.call': /^[\d.]{1,40}$/, 'coap.code': words, 'stun.request': words,
}
/** Facts that are no content: they outlive its retention. */
export const openFactNames: readonly string[] = Object.keys(openFacts)
const SEPARATOR = ' | '

/** What names of files are made of; also `.`, `/` and `\\` as scanners write them. What follows may be what somebody typed. */
const pathStart = /^(?:[\w./~-]|%(?:2[ef]|5c))*/i

/** A path up to where a query, a parameter, a mail address or a command may begin. */
export function openPath(path: string): string {
  const [start] = pathStart.exec(path)!
  return start.length === path.length ? path : `${start}${CUT}`
}

const schemeOf = /^([a-z][a-z\d+.-]{0,20}:\/\/)(.*)$/is
const hostForm = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i

/** A URL as others see it: without user, password, query and fragment. What cannot be told apart for sure goes. */
export function openUrl(url: string): string {
  const [, scheme, rest] = schemeOf.exec(url.replace(/%40/gi, '@')) ?? []
  if (scheme === undefined || rest === undefined) return url.startsWith('/') ? openPath(url) : CUT
  const end = rest.search(/[/?#\\]/)
  const authority = end < 0 ? rest : rest.slice(0, end)
  const after = end < 0 ? '' : rest.slice(end)
  const at = authority.lastIndexOf('@')
  const host = authority.slice(at + 1)
  // A password may hold a slash or a question mark that nobody escaped: then what looks like a host is a user.
  const sure = hostForm.test(host) && !after.includes('@')
  return sure ? `${scheme}${at < 0 ? '' : `${CUT}@`}${host}${openPath(after)}` : `${scheme}${CUT}`
}

/** One value of the fact `http.path`. It may be the rest of one that held the sign between values: then it is no path. */
export function openPathValue(value: string): string {
  if (value.startsWith('/')) return openPath(value)
  return value === '*' ? value : openUrl(value)
}

/** The facts that others see; of a value the parts that have the form. */
export function openFactsOf(facts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(facts).flatMap(([name, value]) => {
    if (name === 'http.path') return [[name, [...new Set(value.split(SEPARATOR).map(openPathValue))].join(SEPARATOR)]]
    const form = Object.hasOwn(openFacts, name) ? openFacts[name]! : undefined
    return form ? [[name, value.split(SEPARATOR).map((part) => (form.test(part) ? part : CUT)).join(SEPARATOR)]] : []
  }))
}

/**
 * Keys of rankings as others see them; null: hidden. The hash of a payload is content too: payloads are short and
 * guessed (a login, a mail), and whoever has the hash may try.
 */
export const openKey: Readonly<Partial<Record<HeardKey, (key: string) => string | null>>> = {
  users: () => null, passwords: () => null, credentials: () => null, payloads: () => null, urls: openUrl, paths: openPathValue,
}

/** Rankings whose second part names a user. */
export const hidesOf = (what: HeardKey): boolean => what === 'users' || what === 'passwords' || what === 'credentials'
