import type { HeardKey, HeardRow } from '@hirundo/contract'
import type { TextKey } from '../../text/text.tsx'
import { defanged } from './defang.ts'
import { controlProtocols, functionName } from './function-names.ts'

/** What the page ranks; amplifiers stand beside the attacks. */
export const heardTabs = ['protocols', 'sources', 'credentials', 'users', 'passwords', 'urls', 'paths', 'payloads', 'tools', 'ja4', 'functions'] as const satisfies readonly HeardKey[]
export type HeardTab = (typeof heardTabs)[number]
export const isHeardTab = (text: unknown): text is HeardTab => heardTabs.includes(text as HeardTab)

interface HeardRanking {
  readonly tab: TextKey
  readonly title: TextKey
  /** Column of the key, and of what stands beside it. */
  readonly head: TextKey
  readonly of?: TextKey
  readonly note?: TextKey
  /** Why some of it is not there for who has no right to content. */
  readonly hidden?: TextKey
  /** The reader takes the key elsewhere. */
  readonly copied?: boolean
}

/** Each ranking in its words. */
export const heardRankings: Readonly<Record<HeardTab, HeardRanking>> = {
  protocols: { tab: 'answering.tab_protocols', title: 'answering.title_protocols', head: 'ui.protocol' },
  sources: { tab: 'answering.tab_sources', title: 'answering.title_sources', head: 'ui.source' },
  credentials: { tab: 'answering.tab_credentials', title: 'answering.title_credentials', head: 'answering.password', of: 'answering.user', note: 'answering.note_logins', hidden: 'answering.hidden_logins' },
  users: { tab: 'answering.tab_users', title: 'answering.title_users', head: 'answering.user', note: 'answering.note_logins', hidden: 'answering.hidden_logins' },
  passwords: { tab: 'answering.tab_passwords', title: 'answering.title_passwords', head: 'answering.password', of: 'answering.commonest_user', note: 'answering.note_logins', hidden: 'answering.hidden_logins' },
  urls: { tab: 'answering.tab_urls', title: 'answering.title_urls', head: 'answering.url', note: 'answering.note_urls', hidden: 'answering.hidden_urls', copied: true },
  paths: { tab: 'answering.tab_paths', title: 'answering.title_paths', head: 'answering.path', hidden: 'answering.hidden_urls', copied: true },
  payloads: { tab: 'answering.tab_payloads', title: 'answering.title_payloads', head: 'answering.payload', note: 'answering.note_payloads', hidden: 'answering.hidden_payloads', copied: true },
  tools: { tab: 'answering.tab_tools', title: 'answering.title_tools', head: 'answering.tool', of: 'answering.rule', note: 'answering.note_tools' },
  ja4: { tab: 'answering.tab_ja4', title: 'answering.title_ja4', head: 'answering.ja4', note: 'answering.note_ja4', copied: true },
  functions: { tab: 'answering.tab_functions', title: 'answering.title_functions', head: 'answering.function', of: 'ui.protocol', note: 'answering.note_functions' },
}

const HASH_SHOWN = 16

/** A key as it is shown; the empty text when it is hidden. */
export function keyText(what: HeardKey, { key, of }: Pick<HeardRow, 'key' | 'of'>): string {
  if (key === null) return ''
  if (what === 'urls') return defanged(key)
  if (what === 'payloads') return key.length > HASH_SHOWN ? `${key.slice(0, HASH_SHOWN)}…` : key
  if (what === 'functions') return functionName(of ?? '', key)?.name ?? key
  return key
}

/** What stands beside a key as it is shown. */
export const ofText = (what: HeardKey, of: string | null): string | undefined =>
  (of === null ? undefined : what === 'functions' ? (Object.hasOwn(controlProtocols, of.split('.')[0]!) ? controlProtocols[of.split('.')[0]!] : of) : of)
