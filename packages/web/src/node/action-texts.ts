import type { TextKey } from '../text/text.tsx'

/** What audited actions are called; one that is missing here is shown by its own name. */
export const actionTexts: Readonly<Record<string, TextKey>> = {
  'session.start': 'node.action_session__start', 'session.refuse': 'node.action_session__refuse', 'session.end': 'node.action_session__end',
  'session.end-others': 'node.action_session__end_others', 'session.end-all': 'node.action_session__end_all', 'session.reauthenticate': 'node.action_session__reauthenticate',
  'person.invite': 'node.action_person__invite', 'person.reinvite': 'node.action_person__reinvite', 'person.create': 'node.action_person__create',
  'person.enrol-begin': 'node.action_person__enrol_begin', 'person.enrol': 'node.action_person__enrol', 'person.update': 'node.action_person__update',
  'person.set-role': 'node.action_person__set_role', 'person.disable': 'node.action_person__disable', 'person.enable': 'node.action_person__enable',
  'person.break-glass-renew': 'node.action_person__break_glass_renew', 'person.break-glass-use': 'node.action_person__break_glass_use', 'setup.link': 'node.action_setup__link',
  'factor.set-password': 'node.action_factor__set_password', 'factor.remove-password': 'node.action_factor__remove_password', 'factor.set-totp': 'node.action_factor__set_totp',
  'factor.renew-recovery-codes': 'node.action_factor__renew_recovery_codes', 'factor.add-passkey': 'node.action_factor__add_passkey',
  'factor.rename-passkey': 'node.action_factor__rename_passkey', 'factor.remove-passkey': 'node.action_factor__remove_passkey',
  'token.create': 'node.action_token__create', 'token.revoke': 'node.action_token__revoke', 'organisation.create': 'node.action_organisation__create',
  'setting.change': 'node.action_setting__change', 'node.backup': 'node.action_node__backup',
  'sensor.token': 'node.action_sensor__token', 'sensor.enrol': 'node.action_sensor__enrol', 'sensor.approve': 'node.action_sensor__approve',
  'sensor.revoke': 'node.action_sensor__revoke', 'sensor.import': 'node.action_sensor__import',
  'finding.found': 'node.action_finding__found', 'finding.worse': 'node.action_finding__worse', 'finding.withdrawn': 'node.action_finding__withdrawn',
  'finding.state': 'node.action_finding__state', 'finding.owner': 'node.action_finding__owner', 'finding.label': 'node.action_finding__label',
  'finding.comment': 'node.action_finding__comment', 'mute.add': 'node.action_mute__add', 'mute.remove': 'node.action_mute__remove',
  'bulletin.draft': 'node.action_bulletin__draft', 'bulletin.edit': 'node.action_bulletin__edit', 'bulletin.release': 'node.action_bulletin__release',
  'bulletin.withdraw': 'node.action_bulletin__withdraw', 'subscription.add': 'node.action_subscription__add', 'subscription.change': 'node.action_subscription__change',
  'subscription.remove': 'node.action_subscription__remove', 'subscription.test': 'node.action_subscription__test', 'backtests.start': 'node.action_backtests__start',
  'backtests.cancel': 'node.action_backtests__cancel',
}
