import { adb } from './dialogues/adb.ts'
import { anyProtocol } from './dialogues/any.ts'
import { chargen, coap, memcached, portmap, ssdp, stun } from './dialogues/discovery.ts'
import { enip, enipUdp } from './dialogues/enip.ts'
import { dnp3, iec104 } from './dialogues/grid.ts'
import { http } from './dialogues/http.ts'
import { ftp, smtp } from './dialogues/mail-and-files.ts'
import { bacnet, cldap, snmp } from './dialogues/managed.ts'
import { modbus } from './dialogues/modbus.ts'
import { mqtt } from './dialogues/mqtt.ts'
import { mysql } from './dialogues/mysql.ts'
import { dns, ntp } from './dialogues/name-and-time.ts'
import { rdp } from './dialogues/rdp.ts'
import { redis } from './dialogues/redis.ts'
import { s7comm } from './dialogues/s7comm.ts'
import { smb } from './dialogues/smb.ts'
import { ssh } from './dialogues/ssh.ts'
import { telnet } from './dialogues/telnet.ts'
import { tls } from './dialogues/tls.ts'
import type { TcpProtocol, UdpProtocol } from './model.ts'

const byName = <Protocol extends { readonly name: string }>(list: readonly Protocol[]): ReadonlyMap<string, Protocol> =>
  new Map(list.map((one) => [one.name, one]))

/** In the order in which a first payload is compared with them. */
const spoken: readonly TcpProtocol[] = [http, tls, ssh, smb, rdp, s7comm, redis, mqtt, adb, dnp3, iec104, telnet, ftp, smtp, mysql, modbus, enip]
const heard: readonly UdpProtocol[] = [dns, ntp, ssdp, snmp, memcached, cldap, chargen, portmap, coap, stun, bacnet, enipUdp]

/** Every protocol that a profile may name. */
export const tcpProtocols = byName([anyProtocol(spoken), ...spoken])
export const udpProtocols = byName(heard)
