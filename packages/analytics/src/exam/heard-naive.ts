import type { Attack, AttackSettings, InteractionKey, InteractionQuestion } from '../interactions/model.ts'
import type { Heard } from './heard-rows.ts'
import { isResearch } from './world.ts'

/** Rows that a question is about; hidden networks are given as beginnings of text. */
export function askedHeard(rows: readonly Heard[], question: InteractionQuestion, hidden: readonly string[] = []): Heard[] {
  return rows.filter((row) =>
    row.organisation === question.organisation && row.at_ms >= question.from * 1000 && row.at_ms < question.to * 1000 &&
    (question.sensors?.includes(row.sensor) ?? true) && (question.research === 'include' || isResearch(row.source) === (question.research === 'only')) &&
    !hidden.some((start) => row.source.startsWith(start)))
}

const fact = (name: string, of = '') => ({ facts }: Heard): [string, string][] =>
  [...new Set((facts[name] ?? '').split(' | ').filter((value) => value !== ''))].map((value) => [value, of])

/** Keys of a row, and what stands beside each. */
export const naiveKeys: Readonly<Record<InteractionKey, (row: Heard) => readonly (readonly [string, string])[]>> = {
  sources: ({ source }) => [[source, '']],
  protocols: ({ protocol }) => [[protocol, '']],
  users: ({ logins }) => [...new Set(logins.map(({ user }) => user))].map((user) => [user, '']),
  passwords: ({ logins }) => [...new Set(logins.map(({ password }) => password))].map((password) => [password, '']),
  credentials: ({ logins }) => [...new Map(logins.map(({ user, password }) => [`${user}\n${password}`, [password, user] as const])).values()],
  urls: ({ urls }) => [...new Set(urls)].map((url) => [url, '']),
  paths: fact('http.path'),
  payloads: ({ payload_sha256 }) => (payload_sha256 === '' ? [] : [[payload_sha256, '']]),
  tools: ({ guess_name, guess_rule }) => (guess_name === '' ? [] : [[guess_name, guess_rule]]),
  ja4: fact('tls.ja4'),
  functions: (row) => ['modbus.function', 's7.function', 'enip.command', 'dnp3.function', 'iec104.type', 'bacnet.service'].flatMap((name) => fact(name, name.split('.')[0])(row)),
  amplifiers: ({ transport, protocol }) => (transport === 'udp' ? [[protocol, '']] : []),
}

export function groupHeard(rows: readonly Heard[], keys: (row: Heard) => readonly (readonly [string, string])[]): Map<string, Heard[]> {
  const groups = new Map<string, Heard[]>()
  for (const row of rows) for (const key of keys(row)) groups.set(key.join('\n'), [...(groups.get(key.join('\n')) ?? []), row])
  return groups
}

export const sum = (rows: readonly Heard[], of: (row: Heard) => number): number => rows.reduce((total, row) => total + of(row), 0)
export const distinct = <T>(values: readonly T[]): number => new Set(values).size

type NaiveAttack = Pick<Attack, 'victim' | 'protocol' | 'start_ms' | 'end_ms' | 'requests' | 'bytes_in' | 'bytes_out' | 'sensors'> & { readonly ppm: number; readonly ports: readonly number[] }

const endOf = ({ at_ms, duration_ms }: Heard): number => at_ms + duration_ms

/** The densest minute, each record spread evenly over the minutes it touches. */
function densest(rows: readonly Heard[]): number {
  const minutes = new Map<number, number>()
  for (const row of rows) {
    for (let minute = Math.floor(row.at_ms / 60_000); minute <= Math.floor(endOf(row) / 60_000); minute++) {
      const overlap = Math.min(endOf(row), (minute + 1) * 60_000) - Math.max(row.at_ms, minute * 60_000)
      minutes.set(minute, (minutes.get(minute) ?? 0) + (row.duration_ms === 0 ? row.requests : (row.requests * overlap) / row.duration_ms))
    }
  }
  return Math.max(...minutes.values())
}

/** Row after row: an attack goes on while no silence is longer than the gap. Most requests first, then by start. */
export function naiveAttacks(rows: readonly Heard[], { packets_min, gap_s }: AttackSettings): NaiveAttack[] {
  const found: NaiveAttack[] = []
  for (const ofVictim of Map.groupBy(rows.filter(({ transport }) => transport === 'udp'), ({ source, protocol }) => `${source} ${protocol}`).values()) {
    const runs: Heard[][] = []
    let end = -Infinity
    for (const row of ofVictim.toSorted((a, b) => a.at_ms - b.at_ms)) {
      if (row.at_ms - end > gap_s * 1000) runs.push([])
      runs.at(-1)!.push(row)
      end = runs.at(-1)!.length === 1 ? endOf(row) : Math.max(end, endOf(row))
    }
    for (const run of runs) {
      const requests = sum(run, (row) => row.requests)
      if (requests < packets_min) continue
      const ports = Map.groupBy(run, ({ src_port }) => src_port)
      found.push({
        victim: run[0]!.source, protocol: run[0]!.protocol, start_ms: run[0]!.at_ms, end_ms: Math.max(...run.map(endOf)), requests,
        bytes_in: sum(run, (row) => row.bytes_in), bytes_out: sum(run, (row) => row.bytes_out), sensors: distinct(run.map(({ sensor }) => sensor)), ppm: densest(run),
        ports: [...ports].map(([port, some]) => [port, sum(some, (row) => row.requests)] as const).sort((a, b) => b[1] - a[1]).map(([port]) => port),
      })
    }
  }
  return found.sort((a, b) => b.requests - a.requests || a.start_ms - b.start_ms)
}
