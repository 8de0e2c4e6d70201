import { anyProtocol } from './dialogues/any.ts'
import { http } from './dialogues/http.ts'
import { telnet } from './dialogues/telnet.ts'
import type { TcpProtocol, UdpProtocol } from './model.ts'

const byName = <Protocol extends { readonly name: string }>(list: readonly Protocol[]): ReadonlyMap<string, Protocol> =>
  new Map(list.map((one) => [one.name, one]))

const spoken: readonly TcpProtocol[] = [http, telnet]
const heard: readonly UdpProtocol[] = []

/** Every protocol that a profile may name. */
export const tcpProtocols = byName([anyProtocol(spoken), ...spoken])
export const udpProtocols = byName(heard)
