import type { ShapeName } from '../shapes.ts'

/**
 * Kinds of senders that are always there: botnets, brute forcers, worms that never died, search for open services. `share`:
 * packets per address and day in the mean; the sum of all noise is about 6,600, as NICTER counted in 2024 (686.2 G packets
 * on about 290,000 addresses).
 */
export interface StrainKind {
  readonly name: string
  readonly share: number
  /** Hosts at any time. */
  readonly hosts: number
  readonly shape: ShapeName
  readonly ports: readonly (readonly [port: number, weight: number])[]
  /** Days for which a host keeps its address, in the mean. */
  readonly life_days: number
  /** Follows day and week of the host's economy so much. */
  readonly swing: number
  readonly weekend: number
  /** Packets beside the first to the same address in a row (SYNs sent again), in the mean. */
  readonly again: number
  /** Share of draws that go through the neighbouring addresses of the network too. */
  readonly sequential?: number
  /** Weights over the eight economies. */
  readonly homes: readonly number[]
}

const home = { swing: 0.35, weekend: 1.06, life_days: 3 } as const
const office = { swing: 0.3, weekend: 0.82, life_days: 9 } as const
const hosting = { swing: 0.06, weekend: 0.98, life_days: 14 } as const
const things = [1, 2, 9, 5, 3, 2, 1, 1] as const
const desks = [2, 6, 3, 6, 2, 1, 1, 1] as const
const servers = [4, 5, 6, 4, 3, 2, 2, 1] as const
const few = [1, 1, 2, 1, 8, 3, 1, 1] as const

const web: readonly (readonly [number, number])[] = [[80, 9], [443, 8], [8080, 7], [8443, 3], [8000, 2], [8888, 2], [8081, 2], [81, 2], [9000, 1], [8090, 1], [7001, 1], [3000, 1], [5000, 1], [9090, 1], [8088, 1], [10_000, 1]]
const mail: readonly (readonly [number, number])[] = [[25, 5], [110, 2], [143, 2], [465, 1], [587, 2], [993, 2], [995, 1]]
const plants: readonly (readonly [number, number])[] = [[502, 3], [102, 2], [20_000, 1], [44_818, 1], [4840, 1], [1911, 1], [2404, 1]]

export const strainKinds: readonly StrainKind[] = [
  { name: 'mirai-a', share: 430, hosts: 60_000, shape: 'mirai', ports: [[23, 10], [2323, 1]], again: 0.1, homes: things, ...home },
  { name: 'mirai-b', share: 150, hosts: 18_000, shape: 'mirai', ports: [[23, 5], [5555, 2], [60_001, 1]], again: 0.1, homes: few, ...home },
  { name: 'mirai-c', share: 90, hosts: 9_000, shape: 'mirai', ports: [[37_215, 4], [52_869, 2], [23, 3]], again: 0.1, homes: things, ...home },
  { name: 'mirai-d', share: 40, hosts: 4_000, shape: 'mirai', ports: [[81, 3], [8080, 2], [7547, 1]], again: 0.1, homes: servers, ...home },
  { name: 'telnet-old', share: 120, hosts: 12_000, shape: 'linux_old', ports: [[23, 1]], again: 1.1, homes: things, ...home },
  { name: 'cameras', share: 45, hosts: 5_000, shape: 'embedded', ports: [[9527, 1], [34_567, 3], [554, 3], [8554, 1]], again: 0.8, homes: few, ...home },
  { name: 'routers', share: 55, hosts: 6_000, shape: 'embedded', ports: [[8291, 4], [8728, 2], [2000, 1], [22, 1]], again: 0.7, homes: things, ...home },
  { name: 'android', share: 60, hosts: 7_000, shape: 'linux', ports: [[5555, 1]], again: 0.6, homes: [1, 2, 4, 7, 1, 1, 1, 1], ...home },
  { name: 'smb-worm', share: 240, hosts: 34_000, shape: 'windows', ports: [[445, 1]], again: 1.3, sequential: 0.15, homes: desks, ...office },
  { name: 'smb-new', share: 50, hosts: 5_000, shape: 'windows_new', ports: [[445, 6], [139, 1], [135, 1]], again: 1.2, homes: desks, ...office },
  { name: 'rdp', share: 170, hosts: 6_500, shape: 'windows_new', ports: [[3389, 8], [3388, 1], [3390, 1]], again: 0.9, homes: servers, ...hosting },
  { name: 'sql-server', share: 90, hosts: 5_500, shape: 'windows', ports: [[1433, 5], [1434, 0.3]], again: 1, homes: desks, ...office },
  { name: 'ssh-a', share: 210, hosts: 15_000, shape: 'linux', ports: [[22, 1]], again: 1.2, homes: servers, ...hosting },
  { name: 'ssh-b', share: 90, hosts: 4_000, shape: 'linux_new', ports: [[22, 6], [2222, 2], [22_222, 0.5]], again: 0.9, homes: servers, ...hosting },
  { name: 'web-a', share: 170, hosts: 9_000, shape: 'linux_new', ports: web, again: 0.5, homes: servers, ...hosting },
  { name: 'web-b', share: 80, hosts: 12_000, shape: 'linux', ports: [[80, 4], [8080, 3], [443, 2]], again: 0.8, homes: things, ...home },
  { name: 'redis', share: 70, hosts: 2_500, shape: 'linux_new', ports: [[6379, 6], [2375, 2], [2376, 1], [9200, 2], [27_017, 2], [5432, 1], [11_211, 1]], again: 0.4, homes: servers, ...hosting },
  { name: 'mysql', share: 50, hosts: 2_000, shape: 'linux', ports: [[3306, 3], [5432, 2]], again: 0.6, homes: servers, ...hosting },
  { name: 'vnc', share: 45, hosts: 1_500, shape: 'bare', ports: [[5900, 4], [5901, 2], [5902, 1]], again: 0.3, homes: servers, ...hosting },
  { name: 'mail', share: 60, hosts: 3_000, shape: 'linux', ports: mail, again: 0.7, homes: servers, ...hosting },
  { name: 'ftp', share: 35, hosts: 2_200, shape: 'linux_old', ports: [[21, 5], [990, 0.5]], again: 0.8, homes: desks, ...hosting },
  { name: 'proxies', share: 50, hosts: 1_800, shape: 'bare', ports: [[3128, 3], [1080, 3], [8118, 1], [8123, 1], [9050, 0.5]], again: 0.2, homes: servers, ...hosting },
  { name: 'plants', share: 12, hosts: 400, shape: 'stateless', ports: plants, again: 0.1, homes: servers, ...hosting },
  { name: 'printers', share: 8, hosts: 300, shape: 'linux', ports: [[9100, 2], [515, 1], [631, 1]], again: 0.4, homes: desks, ...office },
  { name: 'sip', share: 140, hosts: 3_500, shape: 'udp', ports: [[5060, 8], [5061, 1], [5062, 0.5], [5070, 0.3]], again: 0.2, sequential: 0.3, homes: servers, ...hosting },
  { name: 'reflector-search', share: 150, hosts: 3_000, shape: 'udp', ports: [[53, 5], [123, 4], [161, 4], [1900, 3], [389, 2], [11_211, 1], [3702, 1], [5683, 1], [19, 0.5], [111, 1], [137, 1], [17, 0.2]], again: 0.1, homes: servers, ...hosting },
  { name: 'udp-home', share: 40, hosts: 9_000, shape: 'udp', ports: [[6881, 2], [53_413, 2], [5353, 1], [1900, 2], [137, 1]], again: 0.5, homes: things, ...home },
  { name: 'udp-zmap', share: 45, hosts: 250, shape: 'udp_zmap', ports: [[53, 3], [123, 3], [161, 2], [5683, 1], [1194, 1], [500, 2], [443, 2], [47_808, 0.5]], again: 0, homes: servers, ...hosting },
  { name: 'ping', share: 110, hosts: 8_000, shape: 'echo', ports: [[0x0800, 1]], again: 0.5, homes: servers, ...hosting },
]
