import type { SettingView } from '@hirundo/contract'
import type { Text, TextKey } from '../text/text.tsx'

const known: Readonly<Record<string, TextKey>> = {
  'observatory.raw_retention_days': 'node.setting_observatory__raw_retention_days',
  'observatory.hour_retention_days': 'node.setting_observatory__hour_retention_days',
  'observatory.journal_retention_days': 'node.setting_observatory__journal_retention_days',
  'observatory.journal_bytes_max': 'node.setting_observatory__journal_bytes_max',
  'observatory.networks_economy_file': 'node.setting_observatory__networks_economy_file',
  'observatory.networks_asn_file': 'node.setting_observatory__networks_asn_file',
  'observatory.research_networks': 'node.setting_observatory__research_networks',
  'observatory.content_retention_days': 'node.setting_observatory__content_retention_days',
  'observatory.indicator_sources_min': 'node.setting_observatory__indicator_sources_min',
  'warning.record_retention_days': 'node.setting_warning__record_retention_days',
  'notify.mail_from': 'node.setting_notify__mail_from',
  'notify.mail_domains_allow': 'node.setting_notify__mail_domains_allow',
  'notify.webhook_allow': 'node.setting_notify__webhook_allow',
  'notify.deliveries_per_hour_max': 'node.setting_notify__deliveries_per_hour_max',
  'warning.own_economies': 'node.setting_warning__own_economies',
  'warning.own_asns': 'node.setting_warning__own_asns',
  'warning.own_networks': 'node.setting_warning__own_networks',
  'warning.addresses': 'node.setting_warning__addresses',
  'warning.warm_up_days': 'node.setting_warning__warm_up_days',
  'warning.detector_parameters': 'node.setting_warning__detector_parameters',
}

/** What a setting is, in the reader's language; one that these pages do not know yet says it in the node's own words. */
export function settingText({ key, summary }: Pick<SettingView, 'key' | 'summary'>, t: Text): string {
  const message = known[key]
  return message === undefined ? summary : t(message)
}

export const isKnownSetting = (key: string): boolean => Object.hasOwn(known, key)
