import { serviceOf } from '@hirundo/base'
import type { FindingKind, Subject } from '@hirundo/contract'
import type { Text, TextValues } from '../../text/text.tsx'

/** `tcp/23 (telnet)`; empty where no port is named. */
export function portText({ protocol, port }: Pick<Subject, 'protocol' | 'port'>, t: Text): string {
  if (protocol === undefined) return ''
  if (port === undefined) return protocol
  const service = serviceOf(protocol, port)
  return service === null ? `${protocol}/${port}` : t('warn.port_service', { key: `${protocol}/${port}`, service })
}

/** `tcp/23`, where a port is named. */
export const portKey = ({ protocol, port }: Pick<Subject, 'protocol' | 'port'>): string | undefined =>
  (protocol === undefined || port === undefined ? undefined : `${protocol}/${port}`)

const VALUE_SHOWN_MAX = 48
const shortened = (text: string): string => (text.length > VALUE_SHOWN_MAX ? `${text.slice(0, VALUE_SHOWN_MAX)}…` : text)

/** `ICMP`; of one without a name its number. */
const protocolName = (protocol: string): string => (/^\d+$/.test(protocol) ? `IP ${protocol}` : protocol.toUpperCase())

/** Parts of a subject for a sentence: what is missing is empty, and a value that the reader may not see says so. */
export function subjectValues(subject: Subject, t: Text): TextValues {
  const { victim = '', source = '', protocol = '', signature = '', novelty = 'port' } = subject
  const value = subject.value === null ? t('warn.hidden') : shortened(subject.value ?? '')
  return {
    victim, source, protocol, signature: shortened(signature), novelty, value, has_value: value === '' ? 'no' : 'yes',
    port: portText(subject, t) || t('warn.all_ports'), protocol_name: protocolName(protocol), has_port: subject.port !== undefined ? 'yes' : protocol === '' ? 'no' : 'protocol', has_signature: signature === '' ? 'no' : 'yes',
  }
}

/** What it is about, in a few words. */
export const titleOf = (kind: FindingKind, subject: Subject, t: Text): string => t(`warn.title_${underscored(kind)}`, subjectValues(subject, t))

type Underscored<T extends string> = T extends `${infer A}-${infer B}` ? `${A}_${Underscored<B>}` : T
/** `change-point` → `change_point`, as keys of texts are written. */
export const underscored = <T extends string>(name: T): Underscored<T> => name.replaceAll('-', '_') as Underscored<T>
