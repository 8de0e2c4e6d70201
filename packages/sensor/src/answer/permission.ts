import { fail, ok, type Result } from '@hirundo/base'
import { join } from 'node:path'
import type { Log } from '../log.ts'
import { readIfThere, replaceFile } from '../state-file.ts'

const NAME_CHARS_MAX = 200

/** Who owns the network and permitted that it sends answers over UDP, and on which day. */
export interface UdpPermission {
  readonly name: string
  readonly date: string
}

/** Of `NAME, YYYY-MM-DD`. Problem: `setting/invalid`. */
export function permissionOf(text: string): Result<UdpPermission> {
  const [, name = '', date = ''] = /^\s*(.*\S)\s*,\s*(\d{4}-\d{2}-\d{2})\s*$/.exec(text) ?? []
  const at_ms = Date.parse(`${date}T00:00:00Z`)
  if (name === '' || name.length > NAME_CHARS_MAX || Number.isNaN(at_ms) || new Date(at_ms).toISOString().slice(0, 10) !== date) {
    return fail('setting/invalid', { what: 'answer_udp_permission', why: "must be 'NAME, YYYY-MM-DD': who permitted it, and when" })
  }
  return ok({ name, date })
}

/** Writes the permission down beside the key, once for each that is new, before anything is answered under it. */
export async function recordPermission(state_directory: string, permission: UdpPermission | undefined, now_ms: number, log: Log): Promise<void> {
  if (!permission) return log.info('UDP is recorded and not answered: no permission of the network’s owner is given')
  const path = join(state_directory, 'answer-udp-permissions.jsonl')
  const before = (await readIfThere(path)) ?? ''
  const known = before.split('\n').some((line) => line !== '' && isSame(JSON.parse(line) as UdpPermission, permission))
  if (!known) await replaceFile(path, `${before}${JSON.stringify({ ...permission, recorded_at: new Date(now_ms).toISOString() })}\n`, { sync: true })
  log.info('UDP is answered within its bounds', { permitted_by: permission.name, date: permission.date })
}

const isSame = (a: UdpPermission, b: UdpPermission): boolean => a.name === b.name && a.date === b.date
