import { fail, ok, type Result } from '@hirundo/base'

/**
 * What the responders say they are: plausible, generic, and nobody in particular. Every value may be set in a profile
 * file. None may hold an address of the sensor.
 */
export const defaultPersona = {
  host_name: 'gateway',
  domain: 'example.net',
  ssh_version: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3',
  telnet_prompt: '# ',
  http_server: 'nginx',
  http_realm: 'Management',
  http_title: 'Sign in',
  smtp_software: 'ESMTP ready',
  ftp_greeting: 'FTP server ready',
  mysql_version: '8.0.36',
  redis_version: '6.0.16',
  adb_product: 'ro.product.name=tv_box;ro.product.model=TV Box;ro.product.device=tv_box;',
  snmp_description: 'Linux gateway 4.14.0 armv7l',
  upnp_server: 'Linux/4.14 UPnP/1.0 MiniUPnPd/2.1',
  upnp_location: 'http://192.168.0.1:5000/rootDesc.xml',
  memcached_version: '1.5.22',
  dns_version: 'unknown',
  /** For every A question, whatever the name: nothing is resolved (TEST-NET-1 of RFC 5737). */
  dns_address: '192.0.2.53',
  ntp_version: 'ntpd 4.2.6p5',
  stun_software: 'stun',
  device_vendor: 'Generic Controls',
  device_product: 'PLC-200',
  device_revision: '2.4',
  device_name: 'Pump station',
} as const satisfies Record<string, string>

export type Persona = { readonly [Name in keyof typeof defaultPersona]: string }

const VALUE_CHARS_MAX = 120

/** The default with the given values instead. Problem: `setting/invalid`. */
export function personaOf(given: Readonly<Record<string, unknown>>): Result<Persona> {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaultPersona, name)) return fail('setting/invalid', { what: name.slice(0, 64), why: 'a persona has no such value' })
    // Printable ASCII: these texts go into lines and fixed fields of many protocols.
    if (typeof value !== 'string' || value.length > VALUE_CHARS_MAX || !/^[ -~]+$/.test(value)) {
      return fail('setting/invalid', { what: name, why: `must be a text of 1 to ${VALUE_CHARS_MAX} printable ASCII characters` })
    }
  }
  return ok({ ...defaultPersona, ...(given as Partial<Persona>) })
}
