import type { BulletinKey } from '../words.ts'

type ServiceKey = Extract<BulletinKey, `service_${string}`>

/** Ports whose services need the same care, by protocol. */
const classes: Readonly<Record<ServiceKey, { readonly tcp?: readonly number[], readonly udp?: readonly number[] }>> = {
  service_shell: { tcp: [22, 23, 2222, 2323, 5555] },
  service_desktop: { tcp: [3389, 5900, 5901, 5985, 5986], udp: [3389] },
  service_internal: { tcp: [21, 111, 135, 139, 389, 445, 548, 636, 873, 2049, 1883], udp: [2049] },
  service_database: { tcp: [1433, 1521, 3306, 5432, 6379, 9200, 11_211, 27_017] },
  service_web: { tcp: [80, 81, 443, 4443, 8000, 8080, 8081, 8443, 8888, 9000, 10_443], udp: [443] },
  service_router: { tcp: [1723, 5000, 7547, 8291, 8728, 37_215, 52_869] },
  service_container: { tcp: [902, 2375, 2376, 6443, 10_250] },
  service_control: { tcp: [102, 502, 2404, 20_000, 44_818], udp: [20_000, 44_818, 47_808] },
  service_amplifier: { udp: [17, 19, 53, 69, 111, 123, 137, 161, 389, 520, 623, 1900, 3283, 3478, 3702, 5353, 5683, 11_211] },
  service_mail: { tcp: [25, 110, 143, 465, 587, 993, 995] },
  service_voice: { tcp: [5038, 5060, 5061], udp: [5060, 5061] },
}

/** What to do about the service that mostly stands on a port; undefined: nothing beside what holds for any. */
export function serviceAdvice(protocol: string | undefined, port: number | undefined): ServiceKey | undefined {
  if (port === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return undefined
  return (Object.keys(classes) as ServiceKey[]).find((key) => classes[key][protocol]?.includes(port))
}
