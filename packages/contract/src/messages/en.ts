/** Texts of the node's status page. Titles of problems stand beside their codes in base. */
export const statusEn = {
  'status.page.title': 'Hirundo node',
  'status.page.ready': 'This node is ready.',
  'status.page.not_ready': 'This node runs, and part of it does not answer.',
  'status.page.simulated': 'Simulated: {count} of the sensors send made-up traffic. Nothing here accuses anyone.',
  'status.page.sensors': 'Sensors',
  'status.page.sensors_live': '{live} of {approved} approved sensors report',
  'status.page.sensors_pending': 'Waiting for approval',
  'status.page.version': 'Version',
  'status.page.started': 'Running since',
  'status.page.uptime': 'Uptime',
  'status.page.fingerprint': 'Fingerprint of the node key',
  'status.page.parts': 'Parts',
  'status.page.part_ok': 'works',
  'status.page.part_failed': 'does not work',
  'status.part.postgres': 'PostgreSQL: what people decide',
  'status.part.clickhouse': 'ClickHouse: what sensors see',
  'status.part.inbox': 'Batches are taken in',
  'status.part.projector': 'Batches become queryable',
  'status.part.networks': 'Tables of economies and networks',
  'status.part.retention': 'Deletion by age',
  'status.part.observatory': 'Observatory',
  'status.part.warning': 'Detectors',
  'status.part.messages': 'Messages to subscribers',
  'status.part.directory': 'Directory of teams',
  'status.part.agreements': 'Agreements with partners',
  'status.page.links': 'More',
  'status.page.api': 'API description (OpenAPI)',
  'status.page.guide': 'Operator’s guide',
  'status.page.metrics': 'Metrics (Prometheus)',
} as const

/** Why a request was refused and what to do, for problems that name a `reason`. */
export const reasonsEn = {
  'reason.mail-address': 'This is no mail address: it looks like soc@example.org.',
  'reason.mail-not-set-up': 'The node cannot send mail yet: set smtp_url in its configuration (or HIRUNDO_SMTP_URL) and the setting notify.mail_from.',
  'reason.mail-domain': 'Mail to this domain is not allowed: an administrator adds it to the setting notify.mail_domains_allow.',
  'reason.url': 'This is no URL that a webhook can be sent to: it looks like https://hooks.example.org/hirundo, without name, password or #.',
  'reason.not-listed': 'This host and port are not on the list: an administrator adds them to the setting notify.webhook_allow.',
  'reason.unresolved': 'The name of this host leads to no address: look how it is written.',
  'reason.outside-network': 'The address of this host lies outside the network that the setting notify.webhook_allow names for it.',
  'reason.own': 'This is an address of the node itself: no webhook goes there.',
  'reason.web-needs-a-person': 'Notices are for a person who signed in: add this subscription on the pages.',
  'reason.name': 'The name is empty.',
  'reason.quiet': 'Quiet hours are two times from 00:00 to 23:59 and a time zone such as Asia/Tokyo.',
  'reason.subject': 'It is neither an address, a network nor a port: it looks like 192.0.2.7, 192.0.2.0/24 (host bits zero) or tcp/23 (up to 65535).',
  'reason.range': 'The period ends before it begins: the earlier time comes first.',
  'reason.too-wide': 'This network is too wide: it has at least 8 bits of IPv4 (10.0.0.0/8) or 16 of IPv6 (2001::/16). To mute more, name a kind or a port.',
} as const

export type StatusKey = keyof typeof statusEn
export type ReasonKey = keyof typeof reasonsEn
