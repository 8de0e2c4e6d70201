/**
 * Every problem that the system can report, with its HTTP status and English title. Codes map one to one to
 * catalogue entries `problem.<code>` (RFC 9457 `type` is `urn:hirundo:problem:<code>`).
 */
export const problems = {
  'request/invalid': { status: 400, title: 'The request is not valid' },
  'request/too-large': { status: 413, title: 'The request is larger than allowed' },
  'request/not-found': { status: 404, title: 'There is nothing at this address' },
  'request/rate-limited': { status: 429, title: 'Too many requests' },
  'auth/required': { status: 401, title: 'A valid token is required' },
  'auth/forbidden': { status: 403, title: 'This token does not allow that' },
  'token/not-found': { status: 404, title: 'No such token' },
  'sensor/not-found': { status: 404, title: 'No such sensor' },
  'sensor/name-taken': { status: 409, title: 'Another sensor has this name' },
  'sensor/not-approved': { status: 403, title: 'The sensor is not approved' },
  'sensor/revoked': { status: 403, title: 'The sensor is revoked' },
  'sensor/wrong-state': { status: 409, title: 'The sensor is not in a state that allows this' },
  'sensor/fingerprint-mismatch': { status: 409, title: 'The fingerprint is not that of the sensor' },
  'enrolment/token-invalid': { status: 403, title: 'The enrolment token is unknown, used or expired' },
  'enrolment/too-many-pending': { status: 503, title: 'Too many enrolments wait for a decision' },
  'batch/signature-invalid': { status: 403, title: 'The signature does not match the sensor key' },
  'batch/malformed': { status: 422, title: 'The batch cannot be read and is kept in quarantine' },
  'batch/out-of-order': { status: 409, title: 'Earlier batches are missing' },
  'node/full': { status: 503, title: 'The node cannot store more at the moment' },
  'node/unavailable': { status: 503, title: 'The node is not ready' },
  'journal/locked': { status: 503, title: 'Another process uses this directory' },
  'journal/foreign': { status: 500, title: 'The directory holds a journal of another origin' },
  'query/too-wide': { status: 422, title: 'The question covers more than the node answers at once' },
  'query/timeout': { status: 504, title: 'The answer took longer than allowed' },
  'setting/not-found': { status: 404, title: 'No such setting' },
  'setting/invalid': { status: 422, title: 'The setting is not valid' },
  'organisation/not-found': { status: 404, title: 'No such organisation' },
  'organisation/name-taken': { status: 409, title: 'Another organisation has this name' },
  'capture/unreadable': { status: 422, title: 'The file is not a capture that can be read' },
  'capture/cut-off': { status: 422, title: 'The capture ends in the middle of a record' },
  'backup/failed': { status: 500, title: 'The backup could not be written' },
  'backup/running': { status: 409, title: 'Another backup is being written' },
  'backup/target-invalid': { status: 422, title: 'The directory cannot take a backup' },
  'backup/not-found': { status: 404, title: 'No such backup' },
  'internal': { status: 500, title: 'The node failed; the instance id is in its log' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems
