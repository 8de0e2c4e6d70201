import type { FindingKind, FindingView, Subject } from '@hirundo/contract'
import type { FoundFinding } from '../../findings/events.ts'
import type { DraftFacts } from '../draft/facts.ts'

const subjects: Readonly<Record<FindingKind, Subject>> = {
  'rsdos': { victim: '198.51.100.77', protocol: 'tcp', port: 443 },
  'drdos': { victim: '2001:db8:7::77', protocol: 'ntp' },
  'scan': { source: '203.0.113.9', protocol: 'tcp', port: 22 },
  'campaign': { protocol: 'tcp', port: 6379, signature: 'zmap ttl 250 window 65535 http://c2.example/x' },
  'change-point': { protocol: 'udp', port: 1900 },
  'synchronised': { protocol: 'tcp', port: 37_215 },
  'worm': { protocol: 'tcp', port: 23 },
  'new': { protocol: 'tcp', port: 8080, novelty: 'url', value: 'http://203.0.113.66/a.sh' },
  'spike': { protocol: 'tcp', port: 10_443 },
  'own-network': { source: '192.0.2.55', protocol: 'tcp', port: 445 },
}

/** A finding of a kind as its page shows it. */
export function findingView(kind: FindingKind, more: Partial<DraftFacts> = {}): DraftFacts {
  return {
    id: '11111111-1111-4111-8111-111111111111', kind, subject: subjects[kind], severity: 'warning', state: 'new', muted: false, open: true, start: '2026-11-20T10:00:00.000Z', end: '2026-11-20T12:00:00.000Z',
    found_at: '2026-11-20T10:31:00.000Z', occurrences: 2, packets: 123_456, max_ppm: 4000, sources: 812, sensors: 12, economy: 'XA', asn: 64_500, as_name: 'Example Net', owner: null, simulated: false,
    own: kind === 'own-network', dismissal: null, tlp: 'TLP:AMBER', figures: { doubling_time_s: 5400, doubling_time_low_s: 4000, doubling_time_high_s: 7000, members: 40, estimated_pps: 1234.5, destination_share: 0.123 },
    crossed: [{ figure: 'sensors', value: 12, threshold: 3, rule: 'at_least' }, { figure: 'variance_ratio', value: 0.91, threshold: 0.98, rule: 'below' }],
    members: kind === 'scan' ? ['tcp/22', 'tcp/2222'] : kind === 'campaign' ? ['203.0.113.1', '2001:db8::1'] : [],
    evidence: [{ query: { of: 'scans', from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T12:00:00.000Z', research: 'exclude' }, packets: 123_456, sources: 812, sensors: 12 }],
    detector: { version: 3, parameters: {}, precision: { confirmed: 9, dismissed: 1, precision: 0.9 } }, changes: [], similar: [], bulletins: [], sensors_total: 60, ...more,
  }
}

/** A finding as it is told when it was stored. */
export function found(id: string, more: Partial<FoundFinding> = {}): FoundFinding {
  const { kind, subject, severity, state, muted, open, packets, economy, asn, as_name, own, simulated, tlp, figures, crossed }: FindingView = findingView(more.kind ?? 'worm')
  return {
    id, organisation_id: 1, kind, subject, severity, state, muted, open, start: Date.UTC(2026, 10, 20, 10) / 1000, end: Date.UTC(2026, 10, 20, 12) / 1000,
    packets, economy, asn, as_name, own, simulated, tlp, figures, crossed, ...more,
  }
}
