import { portKeyOf } from '../core/port-key.ts'
import type { Heard } from '../core/slice.ts'

/** An interaction of a test: a request to NTP over UDP unless told otherwise. */
export const heardOf = (at: number, more: Partial<Heard> = {}): Heard => ({
  at, sensor: 1, source: 0xf0000001, src_port: 80, port: portKeyOf('udp', 123), handshake: 'none', protocol: 'ntp', requests: 1, bytes_in: 8, bytes_out: 0,
  payload_sha256: '', ja4: '', credentials: [], urls: [], research: false, economy: 0, asn: 0, ...more,
})
