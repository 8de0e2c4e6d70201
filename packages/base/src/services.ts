/**
 * Services that are looked for most, by the port that they mostly stand on: a habit and not a proof. A name belongs to
 * one transport: nobody speaks telnet over UDP.
 */
const overTcp: Readonly<Record<number, string>> = {
  20: 'ftp-data', 21: 'ftp', 22: 'ssh', 23: 'telnet', 25: 'smtp', 80: 'http', 110: 'pop3', 135: 'msrpc', 139: 'netbios-ssn', 143: 'imap',
  179: 'bgp', 389: 'ldap', 443: 'https', 445: 'smb', 465: 'smtps', 502: 'modbus', 548: 'afp', 554: 'rtsp', 587: 'submission', 631: 'ipp',
  636: 'ldaps', 873: 'rsync', 902: 'vmware', 993: 'imaps', 995: 'pop3s', 1080: 'socks', 1433: 'mssql', 1521: 'oracle', 1723: 'pptp',
  1883: 'mqtt', 2222: 'ssh', 2323: 'telnet', 2375: 'docker', 2404: 'iec-104', 3128: 'proxy', 3306: 'mysql', 4444: 'metasploit',
  5000: 'upnp', 5038: 'asterisk', 5432: 'postgresql', 5555: 'adb', 5900: 'vnc', 5985: 'winrm', 6379: 'redis', 6443: 'kubernetes',
  7547: 'cwmp', 8000: 'http', 8080: 'http', 8291: 'winbox', 8443: 'https', 8545: 'ethereum', 8728: 'routeros', 8888: 'http', 9000: 'http',
  9100: 'printer', 9200: 'elasticsearch', 10250: 'kubelet', 27017: 'mongodb', 37215: 'huawei-hg532', 52869: 'realtek-sdk',
}
const overUdp: Readonly<Record<number, string>> = {
  17: 'qotd', 19: 'chargen', 69: 'tftp', 123: 'ntp', 137: 'netbios-ns', 161: 'snmp', 389: 'cldap', 443: 'quic', 500: 'ike', 514: 'syslog',
  520: 'rip', 623: 'ipmi', 1900: 'ssdp', 3283: 'ard', 3478: 'stun', 3702: 'ws-discovery', 4500: 'ike', 5353: 'mdns', 5683: 'coap', 47808: 'bacnet',
}
const overBoth: Readonly<Record<number, string>> = {
  53: 'dns', 111: 'rpcbind', 2049: 'nfs', 3389: 'rdp', 5060: 'sip', 11211: 'memcached', 20000: 'dnp3', 44818: 'ethernet-ip',
}
const servicesOf: Readonly<Record<string, Readonly<Record<number, string>>>> = { tcp: { ...overTcp, ...overBoth }, udp: { ...overUdp, ...overBoth } }
/** What mostly stands on a port (`tcp`, 22); null: nothing that is looked for often. */
export const serviceOf = (protocol: string, port: number): string | null => servicesOf[protocol]?.[port] ?? null

/**
 * Ports of the services that are called so (whole), or whose names begin so: `tcp/23`, `tcp/2323` for `telnet`. The ones
 * with the whole name come first, then by name and port.
 */
export function portsOfService(begin: string): readonly { readonly key: string; readonly service: string }[] {
  const wanted = begin.trim().toLowerCase()
  if (wanted === '') return []
  const all = Object.entries(servicesOf).flatMap(([protocol, ports]) => Object.entries(ports).map(([port, service]) => ({ key: `${protocol}/${port}`, service })))
  return all.filter(({ service }) => service.startsWith(wanted))
    .toSorted((a, b) => Number(b.service === wanted) - Number(a.service === wanted) || (a.service < b.service ? -1 : Number(a.service > b.service)))
}
