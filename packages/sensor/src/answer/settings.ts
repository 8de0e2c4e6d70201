import { fail, ok, parseAddress, type Result } from '@hirundo/base'
import { networkInterfaces } from 'node:os'
import { permissionOf, type UdpPermission } from './permission.ts'
import { profileOf } from './profile.ts'
import type { AnswerSettings } from './responders.ts'

/** Settings of `run` for answering; any but `answer` needs `answer`. */
export const answerNames = ['answer', 'answer_udp_permission', 'answer_address', 'answer_port_offset', 'answer_redirect_port'] as const

const PORT_OFFSET_MAX = 60_000

/** What the operator chose, with who permitted UDP. */
export interface AnswerChoice extends AnswerSettings {
  readonly udp_permission: UdpPermission | undefined
}

const invalid = (what: string, why: string): Result<never> => fail('setting/invalid', { what, why })

/** How to answer; undefined when the sensor is only to listen. Problem: `setting/invalid` with `what` and `why`. */
export function answerSettings(raw: Readonly<Record<string, string>>): Result<AnswerChoice | undefined> {
  const { answer, answer_address, answer_udp_permission } = raw
  if (answer === undefined) {
    const without = answerNames.find((name) => raw[name] !== undefined)
    return without === undefined ? ok(undefined) : invalid(without, 'needs answer')
  }
  const profile = profileOf(answer)
  if (!profile.ok) return profile
  const permission = answer_udp_permission === undefined ? ok(undefined) : permissionOf(answer_udp_permission)
  if (!permission.ok) return permission
  // The text itself is not repeated: it is the sensor's address.
  if (answer_address !== undefined && !parseAddress(answer_address).ok) return invalid('answer_address', 'is no address')
  const port_offset = whole(raw['answer_port_offset'] ?? '0', 0, PORT_OFFSET_MAX)
  if (port_offset === undefined) return invalid('answer_port_offset', `must be 0 to ${PORT_OFFSET_MAX}`)
  const highest = Math.max(0, ...profile.value.tcp.keys(), ...profile.value.udp.keys())
  if (highest + port_offset > 65_535) return invalid('answer_port_offset', `may be ${65_535 - highest} at most: the profile has port ${highest}`)
  const redirect_port = raw['answer_redirect_port'] === undefined ? undefined : whole(raw['answer_redirect_port'], 1, 65_535)
  if (raw['answer_redirect_port'] !== undefined && redirect_port === undefined) return invalid('answer_redirect_port', 'must be 1 to 65535')
  return ok({
    profile: profile.value, address: answer_address ?? everywhere(), listenAt: (port) => port + port_offset, udp_permission: permission.value,
    udp_permitted: permission.value !== undefined, ...(redirect_port === undefined ? {} : { redirect_port }),
  })
}

function whole(text: string, low: number, high: number): number | undefined {
  const value = Number(text)
  return /^\d{1,5}$/.test(text) && value >= low && value <= high ? value : undefined
}

/** All addresses of this machine: `::` takes IPv4 too, but cannot be opened where IPv6 is off. */
const everywhere = (): string =>
  Object.values(networkInterfaces()).flat().some((one) => one?.family === 'IPv6') ? '::' : '0.0.0.0'
