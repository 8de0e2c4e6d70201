import type {
  Attack, AttackSettings, CommonValue, EvidenceSums, InteractionCursor, InteractionKey, InteractionPoint, InteractionQuestion, InteractionRow,
  Interactions, StoredInteraction,
} from '@hirundo/analytics'
import { cidrContains, parseAddress, parseCidr, unwrap } from '@hirundo/base'

export interface Heard extends StoredInteraction {
  readonly organisation: number
}

/** An interaction; what is not given is plausible. */
export const heard = (given: Partial<Heard> & Pick<Heard, 'at_ms' | 'sensor'>): Heard => ({
  organisation: 1, clock_error_ms: 5, source: '240.0.0.1', src_port: 40_000, dst_port: 23, transport: 'tcp', handshake: 'dialogue', protocol: 'telnet',
  requests: 1, bytes_in: 40, bytes_out: 90, duration_ms: 900, truncated: false, payload_sha256: 'ab'.repeat(32), sample: Buffer.from('root\r\nhunter2\r\n'),
  logins: [], urls: [], facts: {}, guess_name: '', guess_rule: '', ...given,
})

const older = (a: StoredInteraction, b: Omit<InteractionCursor, 'given'>): number => b.at_ms - a.at_ms || b.sensor - a.sensor || b.src_port - a.src_port || b.dst_port - a.dst_port

const keysOf: Readonly<Partial<Record<InteractionKey, (one: Heard) => readonly (readonly [string, string])[]>>> = {
  sources: ({ source }) => [[source, '']],
  protocols: ({ protocol }) => [[protocol, '']],
  users: ({ logins }) => logins.map(({ user }) => [user, '']),
  passwords: ({ logins }) => logins.map(({ user, password }) => [password, user]),
  credentials: ({ logins }) => logins.map(({ user, password }) => [password, user]),
  urls: ({ urls }) => urls.map((url) => [url, '']),
  paths: ({ facts }) => (facts['http.path'] === undefined ? [] : [[facts['http.path'], '']]),
  payloads: ({ payload_sha256 }) => [[payload_sha256, '']],
  tools: ({ guess_name, guess_rule }) => (guess_name === '' ? [] : [[guess_name, guess_rule]]),
  functions: ({ facts }) => (facts['modbus.function'] === undefined ? [] : [[facts['modbus.function'], 'modbus']]),
}

/** The reading half of the store over an array, as its interface says. */
export class MemoryInteractions implements Interactions {
  rows: Heard[] = []
  /** What the next question is refused with. */
  failure: Error | undefined
  readonly asked: InteractionQuestion[] = []

  #of(question: InteractionQuestion): Heard[] {
    this.asked.push(question)
    if (this.failure) throw this.failure
    const hidden = (question.hidden ?? []).map((cidr) => unwrap(parseCidr(cidr)))
    return this.rows.filter((row) => row.organisation === question.organisation && (question.sensors?.includes(row.sensor) ?? true)
      && row.at_ms >= question.from * 1000 && row.at_ms < question.to * 1000 && !hidden.some((cidr) => cidrContains(cidr, unwrap(parseAddress(row.source)))))
  }

  #grouped(rows: readonly Heard[], keys: (one: Heard) => readonly (readonly [string, string])[]): Map<string, { key: readonly [string, string]; rows: Heard[] }> {
    const groups = new Map<string, { key: readonly [string, string]; rows: Heard[] }>()
    for (const row of rows) {
      for (const key of keys(row)) {
        const group = groups.get(key.join('\n')) ?? { key, rows: [] }
        if (!group.rows.includes(row)) group.rows.push(row)
        groups.set(key.join('\n'), group)
      }
    }
    return groups
  }

  async of(address: string, question: InteractionQuestion, limit: number, after?: InteractionCursor): Promise<readonly StoredInteraction[]> {
    const rows = this.#of(question).filter((row) => row.source === address && (!after || older(row, after) >= 0)).toSorted((a, b) => older(a, b))
    return rows.slice(after?.given ?? 0, (after?.given ?? 0) + limit)
  }

  async evidence(address: string, question: InteractionQuestion): Promise<EvidenceSums> {
    const rows = this.#of(question).filter(({ source }) => source === address)
    const count = (handshake: string) => rows.filter((row) => row.handshake === handshake).length
    const times = rows.map(({ at_ms }) => at_ms)
    return {
      none: count('none'), completed: count('completed'), dialogue: count('dialogue'), sensors: new Set(rows.map(({ sensor }) => sensor)).size,
      first_seen_ms: rows.length > 0 ? Math.min(...times) : null, last_seen_ms: rows.length > 0 ? Math.max(...times) : null,
    }
  }

  async top(what: InteractionKey, question: InteractionQuestion, limit: number): Promise<readonly InteractionRow[]> {
    const sum = (rows: readonly Heard[], of: (row: Heard) => number) => rows.reduce((total, row) => total + of(row), 0)
    return [...this.#grouped(this.#of(question), keysOf[what] ?? (() => [])).values()].map(({ key: [key, of], rows }) => ({
      key, of, interactions: rows.length, requests: sum(rows, (row) => row.requests), sources: new Set(rows.map(({ source }) => source)).size,
      sensors: new Set(rows.map(({ sensor }) => sensor)).size, bytes_in: sum(rows, (row) => row.bytes_in), bytes_out: sum(rows, (row) => row.bytes_out),
      first_seen_ms: Math.min(...rows.map(({ at_ms }) => at_ms)), last_seen_ms: Math.max(...rows.map(({ at_ms }) => at_ms)),
    })).toSorted((a, b) => b.interactions - a.interactions).slice(0, limit)
  }

  async series(question: InteractionQuestion, step: number): Promise<readonly InteractionPoint[]> {
    const bins = this.#grouped(this.#of(question), ({ at_ms }) => [[String(Math.floor(at_ms / 1000 / step) * step), '']])
    return [...bins.values()].map(({ key: [at], rows }) => ({
      at: Number(at), none: rows.filter(({ handshake }) => handshake === 'none').length, completed: rows.filter(({ handshake }) => handshake === 'completed').length,
      dialogue: rows.filter(({ handshake }) => handshake === 'dialogue').length, requests: rows.reduce((total, row) => total + row.requests, 0),
      sources: new Set(rows.map(({ source }) => source)).size,
    }))
  }

  async attacks(question: InteractionQuestion, { packets_min, gap_s }: AttackSettings, limit: number): Promise<{ attacks: readonly Attack[]; total: number }> {
    const groups = this.#grouped(this.#of(question).filter(({ transport }) => transport === 'udp'), ({ source, protocol }) => [[source, protocol]])
    const attacks = [...groups.values()].flatMap(({ key: [victim, protocol], rows }) => {
      const runs: Heard[][] = []
      for (const row of rows.toSorted((a, b) => a.at_ms - b.at_ms)) {
        const last = runs.at(-1)?.at(-1)
        if (last && row.at_ms - last.at_ms <= gap_s * 1000) runs.at(-1)!.push(row)
        else runs.push([row])
      }
      return runs.map((run) => ({
        victim, protocol, economy: 'XA', asn: 64_496, as_name: 'XA Backbone (simulated)', start_ms: run[0]!.at_ms, end_ms: run.at(-1)!.at_ms,
        requests: run.reduce((total, row) => total + row.requests, 0), bytes_in: 1, bytes_out: 2, sensors: 1, victim_ports: [run[0]!.src_port], max_ppm: 3,
      }))
    }).filter(({ requests }) => requests >= packets_min)
    return { attacks: attacks.slice(0, limit), total: attacks.length }
  }

  async common(what: 'users' | 'passwords' | 'urls' | 'payloads', question: InteractionQuestion, sources_min: number, limit: number): Promise<readonly CommonValue[]> {
    const keys = (one: Heard): readonly (readonly [string, string])[] => keysOf[what]!(one).map(([key]) => [key, ''])
    const answered = this.#of(question).filter(({ handshake }) => handshake !== 'none')
    return [...this.#grouped(answered, keys).values()].map(({ key: [value], rows }) => ({
      value, sources: new Set(rows.map(({ source }) => source)).size, sensors: 1,
      first_seen_ms: Math.min(...rows.map(({ at_ms }) => at_ms)), last_seen_ms: Math.max(...rows.map(({ at_ms }) => at_ms)),
    })).filter(({ sources }) => sources >= sources_min).toSorted((a, b) => b.sources - a.sources).slice(0, limit)
  }

  async sensorsHeard(question: InteractionQuestion): Promise<readonly number[]> {
    return [...new Set(this.#of(question).map(({ sensor }) => sensor))]
  }

  async stored(): Promise<{ rows: number; requests: number }> {
    return { rows: this.rows.length, requests: 0 }
  }
}
