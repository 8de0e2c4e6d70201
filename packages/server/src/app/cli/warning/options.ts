import { isUuid, parseCidr, parseInstant, protocolNumber } from '@hirundo/base'
import { InvalidArgumentError } from 'commander'
import { UsageError } from '../../../platform/operator-error.ts'

const PORT_MAX = 65_535

/** `tcp/23`: a protocol and a port that there can be. */
function isPort(text: string): boolean {
  const [, protocol, port] = /^([a-z\d-]{1,20})\/(\d{1,5})$/i.exec(text) ?? []
  return protocol !== undefined && Number(port) <= PORT_MAX && /^\d{1,3}$/.test(protocolNumber(protocol))
}

/** What a finding can be about. */
export function subjectOption(text: string): string {
  if (!isPort(text) && !parseCidr(text).ok) throw new InvalidArgumentError('It is neither an address, a network nor a port: it looks like 192.0.2.7, 192.0.2.0/24 (host bits zero) or tcp/23 (up to 65535).')
  return text
}

/** An address, or a network whose host bits are zero. */
export function networkOption(text: string): string {
  if (!parseCidr(text.trim()).ok) throw new InvalidArgumentError('It is neither an address nor a network: it looks like 192.0.2.7 or 192.0.2.0/24; host bits must be zero.')
  return text
}

/** A port as subscriptions and forecasts name it. */
export function tcpOrUdpPort(text: string): string {
  if (!/^(tcp|udp)\//.test(text) || !isPort(text)) throw new InvalidArgumentError('It looks like tcp/23 or udp/53; ports end at 65535.')
  return text
}

/** `text` where it is an id as the node gives them. Throws UsageError that names the command that shows them. */
export function idOf(text: string, what: string, shown_by: string): string {
  if (isUuid(text)) return text
  throw new UsageError(`"${text}" is no id of a ${what}.`, `"hirundo ${shown_by}" shows them.`)
}

/** Throws UsageError when a period does not end after it begins. */
export function forwards(from: string | undefined, to: string | undefined): void {
  if (from === undefined || to === undefined) return
  const [start, end] = [parseInstant(from), parseInstant(to)]
  if (start.ok && end.ok && start.value >= end.value) throw new UsageError(`The period ends (${to}) before it begins (${from}).`, 'Give the earlier time to --from and the later one to --to.')
}
