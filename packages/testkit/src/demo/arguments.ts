import { parseArgs } from 'node:util'

export interface DemoArguments {
  readonly port: number
  readonly data: string | undefined
  readonly headless: boolean
  /** Seconds of live traffic; 0: until stopped. */
  readonly for_s: number
  readonly packets_per_second: number
  readonly backfill_hours: number
  /** Of each sensor that answers, without reflection attacks. */
  readonly interactions_per_minute: number
  readonly pcap: readonly string[]
  readonly destinations: readonly string[]
  readonly shift_to_now: boolean
  readonly seed: number
}

export const demoHelp = `npm run demo [-- OPTIONS]

Starts a node with both embedded stores and five sensors, and shows what it answers. All traffic is SIMULATED:
sources are addresses of 240.0.0.0/4 in fictional economies XA to XH. Ctrl-C ends everything.

  --port N            port of the node on 127.0.0.1 (default: any free one)
  --data DIR          keep node and sensors in DIR (default: a temporary directory, removed at the end)
  --rate N            simulated packets per second over all sensors (default: 10; headless: 2000)
  --backfill-hours N  hours of history before the live traffic (default: 48; headless: 0)
  --interactions N    simulated interactions per minute of each of the three sensors that answer (default: 6;
                      headless: 60)
  --seed N            another world of senders (default: 1)
  --pcap FILE …       play captures (pcap, pcapng, gzip, zstd) through one sensor instead; NOT simulated.
                      Packets keep the times of the capture, so ask for its period (the demo prints it).
  --dst CIDR,…        with --pcap: only packets to these networks count (default: all packets)
  --shift-to-now      with --pcap: move all times by whole minutes so that the capture ends now
                      (uncompressed or compressed pcap, not pcapng)
  --headless          no prompt: traffic, then the balance as one JSON object in the last line of stdout:
                      {"sent":…,"stored":…,"queryable":…}; exit 1 when they differ
  --for SECONDS       length of the live traffic (headless default: 60; without --headless: until Ctrl-C);
                      with --pcap the files are read to their end instead
  --help
`

const options = {
  'port': { type: 'string', default: '0' },
  'data': { type: 'string' },
  'rate': { type: 'string' },
  'backfill-hours': { type: 'string' },
  'interactions': { type: 'string' },
  'seed': { type: 'string', default: '1' },
  'pcap': { type: 'string', multiple: true },
  'dst': { type: 'string', multiple: true },
  'shift-to-now': { type: 'boolean', default: false },
  'headless': { type: 'boolean', default: false },
  'for': { type: 'string' },
  'help': { type: 'boolean', default: false },
} as const

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max) {
    throw new RangeError(`--${name} must be a number from ${min} to ${max}, and is "${text.slice(0, 40)}"`)
  }
  return value
}

/** Arguments of the demo, or `help`. Throws with a text for the user. */
export function readArguments(args: readonly string[]): DemoArguments | 'help' {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) return 'help'
  const { pcap = [], dst = [] } = values
  if (positionals.length > 0 && pcap.length === 0) throw new RangeError(`"${positionals[0]!.slice(0, 100)}" is no option; see --help`)
  const { headless } = values
  if (pcap.length === 0 && (dst.length > 0 || values['shift-to-now'])) throw new RangeError('--dst and --shift-to-now belong to --pcap')
  return {
    port: number('port', values.port, 0, 65_535),
    data: values.data,
    headless,
    for_s: values.for === undefined ? (headless ? 60 : 0) : number('for', values.for, 1, 86_400),
    packets_per_second: number('rate', values.rate ?? (headless ? '2000' : '10'), 1, 1_000_000),
    backfill_hours: number('backfill-hours', values['backfill-hours'] ?? (headless ? '0' : '48'), 0, 24 * 30),
    interactions_per_minute: number('interactions', values.interactions ?? (headless ? '60' : '6'), 0, 100_000),
    seed: number('seed', values.seed, 0, 2 ** 31),
    // `--pcap a b c`: what the shell made of a pattern.
    pcap: pcap.length === 0 ? [] : [...pcap, ...positionals],
    destinations: dst.flatMap((text) => text.split(',')).map((text) => text.trim()).filter((text) => text !== ''),
    shift_to_now: values['shift-to-now'],
  }
}
