import type { SettingView } from '@hirundo/contract'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.tsx'
import { GIB, kindOf } from './setting-kind.ts'

interface ResearchNetwork { readonly name: string; readonly cidr: string; readonly kind?: 'scanner' | 'not' }
const shown_max = 5

function Networks({ networks }: { readonly networks: readonly ResearchNetwork[] }) {
  const t = useText()
  return (
    <>
      <ul>{networks.slice(0, shown_max).map(({ name, cidr, kind }) => <li key={`${cidr} ${name}`}><code>{cidr}</code> <span data-value>{name}</span>{kind === 'not' && <span className="quiet"> · {t('node.network_not')}</span>}</li>)}</ul>
      {networks.length > shown_max && <p className="quiet">{t('node.networks_more', { n: networks.length - shown_max })}</p>}
    </>
  )
}

/** The value of a setting with its unit. */
export function SettingValue({ setting, value }: { readonly setting: SettingView; readonly value: unknown }) {
  const t = useText()
  const format = useFormat()
  const kind = kindOf(setting)
  if (kind === 'days') return t('ui.days', { n: Number(value) })
  if (kind === 'hours') return t('ui.hours', { n: Number(value) })
  if (kind === 'bytes') return <span data-value>{format.decimal(Number(value) / GIB)} GiB</span>
  if (kind === 'number') return <span data-value>{format.number(Number(value))}</span>
  if (kind === 'boolean') return t(value === true ? 'ui.yes' : 'ui.no')
  if (value === '') return <span className="quiet">{t('node.setting_empty')}</span>
  if (Array.isArray(value) && value.length === 0) return <span className="quiet">{t('ui.none')}</span>
  if (kind === 'networks') return <Networks networks={value as ResearchNetwork[]} />
  return <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
}
