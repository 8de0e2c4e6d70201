import { formatMillis } from '@hirundo/base'
import { languages, type Language, type Purpose, type Viewer } from '@hirundo/contract'
import { texts as en } from '@hirundo/contract/catalogues/policy/en'
import { texts as ja } from '@hirundo/contract/catalogues/policy/ja'
import { texts as ko } from '@hirundo/contract/catalogues/policy/ko'
import { texts as zhHans } from '@hirundo/contract/catalogues/policy/zh-hans'
import { texts as zhHant } from '@hirundo/contract/catalogues/policy/zh-hant'
import { IntlMessageFormat } from 'intl-messageformat'
import type { Label } from './label.ts'

type Key = keyof typeof en
const catalogues: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { en, ja, ko, 'zh-Hans': zhHans, 'zh-Hant': zhHant }

const isKey = (text: string): text is Key => Object.hasOwn(en, text)
const keyOf = (area: string, name: string): Key => {
  const key = `policy.${area}_${name.replaceAll('-', '_')}`
  return isKey(key) ? key : 'policy.why_other'
}

/** The reason that a policy of the default set is, in words of every language; of another policy its id. Names no team or community. */
export function saysOf(id: string, label: Label, viewer: Pick<Viewer, 'role'>, purpose: Purpose): Record<Language, string> {
  const instant = (ms: number | undefined) => (ms === undefined ? '' : formatMillis(ms))
  const say = (language: Language): string => {
    const texts = catalogues[language]
    const values = {
      id, tlp: label.tlp, layer: texts[keyOf('layer', label.layer)], of: texts[keyOf('purpose', label.purpose)], purpose: texts[keyOf('purpose', purpose)],
      role: texts[keyOf('role', viewer.role)], embargo: instant(label.embargo_ms), expiry: instant(label.expiry_ms),
    }
    return String(new IntlMessageFormat(texts[keyOf('why', id)], language).format(values))
  }
  return Object.fromEntries(languages.map((language) => [language, say(language)])) as Record<Language, string>
}
