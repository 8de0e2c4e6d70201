import { hex, joined, u16be } from '../bytes.ts'
import type { Setting, Talk, UdpProtocol } from '../model.ts'
import type { Persona } from '../persona.ts'
import { ber, elementAt, elementsOf, octets, oidText, textOf } from './ber.ts'

const BINDINGS_MAX = 8
const pdu = { get: 0xa0, next: 0xa1, response: 0xa2, set: 0xa3, bulk: 0xa5 } as const
const pduNames: Readonly<Record<number, string>> = { 0xa0: 'get', 0xa1: 'get-next', 0xa3: 'set', 0xa5: 'get-bulk' }
const SYSTEM = hex('2b 06 01 02 01 01')
const NO_SUCH_NAME = 2
const NOT_WRITABLE = 17

/** SNMP 1 and 2c (RFC 1157, 3416): the system group to whoever gives any community, which is kept. Nothing can be set. */
export const snmp: UdpProtocol = {
  name: 'snmp',
  answer: (request, talk, { persona }) => {
    const message = elementAt(request, 0)
    const [version, community, body] = message?.tag === 0x30 ? elementsOf(message.content, 3) : []
    if (version?.tag !== 0x02 || !community || !body) return []
    talk.fact('snmp.version', version.content.at(-1) ?? 0)
    // Version 3 has no community in this place, and an answer is not answered.
    if (community.tag !== 0x04 || pduNames[body.tag] === undefined) return []
    talk.login('', textOf(community))
    talk.fact('snmp.request', pduNames[body.tag]!)
    const [id, , count, list] = elementsOf(body.content, 4)
    if (!id || list?.tag !== 0x30) return []
    const oids = elementsOf(list.content, BINDINGS_MAX).map((binding) => elementAt(binding.content, 0)?.content ?? new Uint8Array(0))
    for (const oid of oids) talk.fact('snmp.oid', oidText(oid))
    const is_v1 = version.content.at(-1) === 0
    const reply = (error: number, index: number, bindings: readonly Uint8Array[]): Uint8Array => ber(0x30,
      ber(0x02, version.content), ber(0x04, community.content),
      ber(pdu.response, ber(0x02, id.content), ber(0x02, Uint8Array.of(error)), ber(0x02, Uint8Array.of(index)), ber(0x30, ...bindings)))
    const unchanged = oids.map((oid) => ber(0x30, ber(0x06, oid), ber(0x05)))
    if (body.tag === pdu.set) return [reply(is_v1 ? NO_SUCH_NAME : NOT_WRITABLE, 1, unchanged)]
    const wanted = body.tag === pdu.bulk ? Math.min(count?.content.at(-1) ?? 1, BINDINGS_MAX) : 1
    const found = oids.flatMap((oid) => bindingsFrom(oid, body.tag === pdu.get, wanted, persona))
    const missing = found.findIndex((binding) => binding === undefined)
    if (is_v1 && missing >= 0) return [reply(NO_SUCH_NAME, missing + 1, unchanged)]
    // noSuchObject to a get, endOfMibView to a walk.
    const whole = found.map((binding, place) => binding ?? ber(0x30, ber(0x06, oids[Math.min(place, oids.length - 1)]!), Uint8Array.of(body.tag === pdu.get ? 0x80 : 0x82, 0)))
    return [reply(0, 0, whole), reply(0, 0, whole.slice(0, 1))]
  },
}

/** Of the object itself, or of `wanted` ones that follow it; undefined when there is none. */
function bindingsFrom(oid: Uint8Array, exact: boolean, wanted: number, persona: Persona): readonly (Uint8Array | undefined)[] {
  const values = [octets(persona.snmp_description), ber(0x06, hex('2b 06 01 04 01 bf 08 03 02 0a')), ber(0x43, hex('01 4f b1 80')), octets('admin'), octets(persona.host_name), octets('')]
  const objects = values.map((value, place) => ({ oid: joined(SYSTEM, Uint8Array.of(place + 1, 0)), value }))
  const found = exact ? objects.filter((one) => Buffer.compare(one.oid, oid) === 0) : objects.filter((one) => Buffer.compare(one.oid, oid) > 0).slice(0, wanted)
  return found.length === 0 ? [undefined] : found.map((one) => ber(0x30, ber(0x06, one.oid), one.value))
}

/** Connectionless LDAP (RFC 1798, MS-ADTS): the root entry of a directory without content. */
export const cldap: UdpProtocol = {
  name: 'cldap',
  answer: (request, talk, setting) => {
    const message = elementAt(request, 0)
    const [id, operation] = message?.tag === 0x30 ? elementsOf(message.content, 2) : []
    // Only a search request.
    if (id?.tag !== 0x02 || id.content.length > 4 || operation?.tag !== 0x63) return []
    const [base, , , , , , filter] = elementsOf(operation.content, 7)
    talk.fact('ldap.base', base ? textOf(base) : '')
    if (filter?.tag === 0x87) talk.fact('ldap.filter', textOf(filter))
    const reply = (protocol: Uint8Array): Uint8Array => ber(0x30, ber(0x02, id.content), protocol)
    const done = reply(ber(0x65, ber(0x0a, Uint8Array.of(0)), octets(''), octets('')))
    return [joined(reply(rootEntry(setting)), done), done]
  },
}

function rootEntry({ persona }: Setting): Uint8Array {
  const context = persona.domain.split('.').map((part) => `DC=${part}`).join(',')
  const attribute = (name: string, ...values: readonly string[]): Uint8Array => ber(0x30, octets(name), ber(0x31, ...values.map(octets)))
  return ber(0x64, octets(''), ber(0x30,
    attribute('defaultNamingContext', context), attribute('rootDomainNamingContext', context), attribute('dnsHostName', `${persona.host_name}.${persona.domain}`),
    attribute('supportedLDAPVersion', '3', '2'), attribute('supportedSASLMechanisms', 'GSSAPI', 'GSS-SPNEGO')))
}

const BVLC = 0x81
const DEVICE = 0x0200_0000 + 1_001
const apdu = { confirmed: 0, unconfirmed: 1 } as const
const WHO_IS = 8
const READ_PROPERTY = 12
const UNKNOWN_PROPERTY = hex('91 02 91 20')

/** BACnet/IP (ASHRAE 135, annex J): says that it is there and what it is. Writes are refused. */
export const bacnet: UdpProtocol = {
  name: 'bacnet',
  answer: (request, talk, { persona }) => {
    if (request[0] !== BVLC || (request[1] !== 0x0a && request[1] !== 0x0b) || request.length < 8) return []
    const at = networkEnd(request)
    const kind = request[at]! >> 4
    if (at + 2 > request.length) return []
    if (kind === apdu.unconfirmed) {
      talk.fact('bacnet.service', request[at + 1] === WHO_IS ? 'who-is' : `unconfirmed ${request[at + 1]}`)
      return request[at + 1] === WHO_IS ? [toBacnet(joined(hex('10 00'), objectId(0xc4), hex('22 05 c4 91 03 21 00')))] : []
    }
    if (kind !== apdu.confirmed || at + 4 > request.length) return []
    const [, , invoke = 0, service = 0] = request.subarray(at)
    if (service !== READ_PROPERTY) {
      talk.fact('bacnet.service', `confirmed ${service}`)
      // Reject: unrecognized service.
      return [toBacnet(Uint8Array.of(0x60, invoke, 9))]
    }
    return [readProperty(request.subarray(at + 4), invoke, talk, persona)]
  },
}

/** Where the network layer ends (clause 6.2): control, then destination and source when it says so. */
function networkEnd(request: Uint8Array): number {
  const control = request[5] ?? 0
  let at = 6
  if ((control & 0x20) !== 0) at += 3 + (request[at + 2] ?? 0)
  if ((control & 0x08) !== 0) at += 3 + (request[at + 2] ?? 0)
  return (control & 0x20) !== 0 ? at + 1 : at
}

const toBacnet = (body: Uint8Array): Uint8Array => joined(Uint8Array.of(BVLC, 0x0a), u16be(6 + body.length), hex('01 00'), body)
const objectId = (tag: number): Uint8Array => {
  const bytes = Buffer.alloc(5)
  bytes[0] = tag
  bytes.writeUInt32BE(DEVICE, 1)
  return bytes
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(`\0${value}`, 'latin1')
  return joined(bytes.length < 5 ? Uint8Array.of(0x70 | bytes.length) : Uint8Array.of(0x75, bytes.length), bytes)
}

/** The service's parameters: object (context tag 0) and property (context tag 1). */
function readProperty(parameters: Uint8Array, invoke: number, talk: Talk, persona: Persona): Uint8Array {
  const property = parameters[0] === 0x0c && parameters[5] === 0x19 ? parameters[6] : undefined
  talk.fact('bacnet.service', 'read-property')
  if (property !== undefined) talk.fact('bacnet.property', property)
  const values: Readonly<Record<number, Uint8Array>> = {
    12: text(persona.device_revision), 44: text(persona.device_revision), 70: text(persona.device_product), 75: objectId(0xc4), 77: text(persona.device_name),
    98: hex('21 01'), 120: hex('21 00'), 121: text(persona.device_vendor),
  }
  const value = property === undefined ? undefined : values[property]
  if (!value) return toBacnet(joined(Uint8Array.of(0x50, invoke, READ_PROPERTY), UNKNOWN_PROPERTY))
  return toBacnet(joined(Uint8Array.of(0x30, invoke, READ_PROPERTY), objectId(0x0c), Uint8Array.of(0x19, property!, 0x3e), value, Uint8Array.of(0x3f)))
}
