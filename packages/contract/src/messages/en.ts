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
  'status.page.part_ok': 'answers',
  'status.page.part_failed': 'does not answer',
  'status.page.links': 'More',
  'status.page.api': 'API description (OpenAPI)',
  'status.page.guide': 'Operator’s guide',
  'status.page.metrics': 'Metrics (Prometheus)',
} as const

export type StatusKey = keyof typeof statusEn
