// Findings of every kind as detectors would give them, made up: addresses of 240.0.0.0/4 in fictional economies.
import { formatSeconds } from '@hirundo/base'
import type { Crossed, EvidenceQuery, Subject } from '@hirundo/contract'
import type { Detection, Planted } from '@hirundo/server/testing/findings'

export const OWN_NETWORK = '242.17.0.0/16'
/** It scans so little that it is kept as a record. */
export const RECORD_SOURCE = '244.8.1.90'
const over = (figure: Crossed['figure'], value: number, threshold: number): Crossed => ({ figure, value, threshold, rule: 'at_least' })
const under = (figure: Crossed['figure'], value: number, threshold: number): Crossed => ({ figure, value, threshold, rule: 'below' })
const sourcesOf = (n: number, third: number): string[] => Array.from({ length: n }, (_, i) => `24${i % 6}.${third}.${(i * 37) % 256}.${(i * 91 + 7) % 256}`)

type Made = Omit<Detection, 'start' | 'end' | 'open' | 'evidence'> & {
  readonly name: string
  /** Minutes before now. */
  readonly began: number
  /** Minutes before now; absent: it goes on. */
  readonly ended?: number
  readonly delay_min: number
  readonly place?: Planted['place']
  readonly of: EvidenceQuery['of']
}

const harbour = { economy: 'XB', asn: 64_511, as_name: 'Harbour Hosting' }
const plover = { economy: 'XE', asn: 64_555, as_name: 'Plover Cloud' }

/** All began before the history of a stage: what it observes cannot take them back. */
const made: readonly Made[] = [
  { name: 'worm', kind: 'worm', subject: { protocol: 'tcp', port: 9530 }, severity: 'urgent', began: 190, delay_min: 60, packets: 48_212, of: 'scans', members: sourcesOf(64, 12),
    figures: { sources: 1204, doubling_time_s: 2520, doubling_time_low_s: 2280, doubling_time_high_s: 2820, growth_per_hour: 0.99, kalman_rate_per_hour: 0.94, windows_growing: 14, infected_share: 0.004, sensors: 5 },
    crossed: [over('windows_growing', 14, 6), over('growth_per_hour', 0.99, 0.1), over('sources', 1204, 50), over('sensors', 5, 3)] },
  { name: 'own', kind: 'own-network', subject: { source: '242.17.4.201', protocol: 'tcp', port: 9530 }, severity: 'urgent', began: 164, delay_min: 1, packets: 212, of: 'flows', place: { economy: 'XC', asn: 64_530, as_name: 'Tern Broadband' },
    figures: { packets: 212, ports: 1, handshakes: 41, dialogues: 12, sensors: 3 }, crossed: [over('dialogues', 12, 1)] },
  { name: 'rsdos', kind: 'rsdos', subject: { victim: '241.9.80.14', protocol: 'tcp', port: 443 }, severity: 'warning', began: 141, delay_min: 2, packets: 9381, max_ppm: 412, of: 'backscatter', place: harbour,
    figures: { packets: 9381, max_ppm: 412, duration_s: 2400, estimated_pps: 73_000, victim_ports: 1, sensors: 5 }, crossed: [over('max_ppm', 412, 30), over('packets', 9381, 25), over('duration_s', 2400, 60)] },
  { name: 'drdos', kind: 'drdos', subject: { victim: '243.200.0.77', protocol: 'ntp' }, severity: 'warning', began: 196, ended: 152, delay_min: 3, packets: 18_904, of: 'requests', place: { economy: 'XD', asn: 64_540, as_name: 'Gull Mobile' },
    figures: { requests: 18_904, amplification: 4.2, duration_s: 2640, max_ppm: 820, victim_ports: 3, sensors: 2 }, crossed: [over('requests', 18_904, 100)] },
  { name: 'new', kind: 'new', subject: { protocol: 'tcp', port: 8291, novelty: 'url', value: 'http://241.1.1.9/bins/arm7?id=router-9f3ab2' }, severity: 'warning', began: 310, delay_min: 44, packets: 640, of: 'interactions', members: sourcesOf(44, 90),
    figures: { sources: 44, sensors: 4, days_known: 62, new_after_days: 28 }, crossed: [over('sources', 44, 10), over('sensors', 4, 3)] },
  { name: 'campaign', kind: 'campaign', subject: { protocol: 'tcp', port: 5555, signature: 'masscan, window 1024, TTL 240–255, tcp/5555 tcp/5037' }, severity: 'notice', began: 700, ended: 260, delay_min: 31, packets: 22_910, of: 'scans', members: sourcesOf(38, 7),
    figures: { members: 38, ports: 2, packets: 22_910, sources: 38, sensors: 5 }, crossed: [over('members', 38, 10)] },
  { name: 'campaign-quiet', kind: 'campaign', subject: { protocol: 'udp', port: 1900, signature: 'zmap, TTL 48–52' }, severity: 'record', began: 5100, ended: 3800, delay_min: 25, packets: 4110, of: 'scans', members: sourcesOf(12, 31),
    figures: { members: 12, ports: 1, packets: 4110, sources: 12, sensors: 4 }, crossed: [over('members', 12, 10)] },
  { name: 'change', kind: 'change-point', subject: { protocol: 'tcp', port: 445 }, severity: 'notice', began: 820, ended: 640, delay_min: 20, packets: 31_020, of: 'scans',
    figures: { packets: 31_020, packets_before: 7430, score: 6.31, sources: 2210, sources_before: 940, sensors: 5 }, crossed: [over('score', 6.31, 3)] },
  { name: 'synchronised', kind: 'synchronised', subject: { protocol: 'tcp', port: 7547 }, severity: 'notice', began: 1150, ended: 1040, delay_min: 100, packets: 2804, of: 'scans', members: sourcesOf(61, 44),
    figures: { synchronised_sources: 61, density: 0.137, variance_ratio: 0.9412, sources: 61, sensors: 4 }, crossed: [under('variance_ratio', 0.9412, 0.98), over('synchronised_sources', 61, 20)] },
  { name: 'spike', kind: 'spike', subject: { protocol: 'tcp', port: 8443 }, severity: 'notice', began: 2890, ended: 1450, delay_min: 1441, packets: 15_333, of: 'scans',
    figures: { sources: 903, spike_threshold: 411, median: 211, interquartile_range: 80, mean_28_days: 230, deviation_28_days: 90, sensors: 5 }, crossed: [over('sources', 903, 411)] },
  { name: 'scan', kind: 'scan', subject: { source: '240.77.3.18', protocol: 'tcp' }, severity: 'notice', began: 500, ended: 130, delay_min: 12, packets: 66_101, of: 'scans', place: { economy: 'XA', asn: 64_500, as_name: 'Kite Transit' },
    figures: { packets: 66_101, ports: 61_204, destination_share: 0.94, estimated_pps: 310, timeout_s: 68_400, seen_probability: 0.97, sensors: 5 }, crossed: [over('destination_share', 0.94, 0.1)] },
  { name: 'scan-record', kind: 'scan', subject: { source: RECORD_SOURCE, protocol: 'tcp', port: 22 }, severity: 'record', began: 260, ended: 150, delay_min: 20, packets: 802, of: 'scans', place: plover,
    figures: { packets: 802, ports: 1, destinations_at_least: 44, estimated_pps: 12.4, timeout_s: 68_400, seen_probability: 0.81, sensors: 4 }, crossed: [over('estimated_pps', 12.4, 10)] },
  { name: 'worm-false', kind: 'worm', subject: { protocol: 'tcp', port: 2323 }, severity: 'warning', began: 9400, ended: 9100, delay_min: 70, packets: 5100, of: 'scans',
    figures: { sources: 310, doubling_time_s: 7200, windows_growing: 7, sensors: 4 }, crossed: [over('windows_growing', 7, 6)] },
  { name: 'rsdos-past', kind: 'rsdos', subject: { victim: '241.9.80.14', protocol: 'tcp', port: 443 }, severity: 'notice', began: 30_000, ended: 29_920, delay_min: 2, packets: 702, max_ppm: 61, of: 'backscatter', place: harbour,
    figures: { packets: 702, max_ppm: 61, duration_s: 4800, estimated_pps: 10_800, victim_ports: 1, sensors: 3 }, crossed: [over('max_ppm', 61, 30), over('packets', 702, 25), over('duration_s', 4800, 60)] },
]

const MINUTE_S = 60
const evidenced = ({ victim, source, protocol, port }: Subject): Partial<EvidenceQuery> =>
  ({ ...(victim === undefined ? {} : { victim }), ...(source === undefined ? {} : { source }), ...(protocol === undefined ? {} : { protocol }), ...(port === undefined ? {} : { port }) })

/** As seen at `now_s`, each with its name. */
export function plantedFindings(now_s: number): readonly (Planted & { readonly name: string })[] {
  const minute_s = Math.floor(now_s / MINUTE_S) * MINUTE_S
  return made.map(({ name, began, ended, delay_min, place, of, ...rest }) => {
    const [start, end] = [minute_s - began * MINUTE_S, minute_s - (ended ?? 1) * MINUTE_S]
    const evidence: Detection['evidence'] = [{
      query: { of, from: formatSeconds(start), to: formatSeconds(end), ...evidenced(rest.subject), research: rest.kind === 'synchronised' ? 'exclude' : 'include' },
      packets: rest.packets, sources: rest.figures.sources ?? null, sensors: rest.figures.sensors ?? null,
    }]
    return { name, detection: { ...rest, start, end, open: ended === undefined, evidence }, found_at_ms: (start + delay_min * MINUTE_S) * 1000, ...(place ? { place } : {}) }
  })
}
