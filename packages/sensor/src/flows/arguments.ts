import { parseArgs } from 'node:util'
import { fail, ok, parseCidr, type Cidr, type Result } from '@hirundo/base'

export const formats = ['csv', 'ndjson', 'rowbinary'] as const
export type Format = (typeof formats)[number]

export interface FlowsArguments {
  readonly destinations: readonly Cidr[]
  readonly interval_s: number
  readonly format: Format
  readonly files: readonly string[]
}

const INTERVAL_S_MAX = 3600

export const usage = `Usage: hirundo-sensor flows [options] FILE...

Prints the flow tuples of capture files: one row per key, sorted by minute, then key.
FILE is pcap or pcapng, plain or compressed with gzip or zstd; - is standard input.

  --dst CIDR,...    count only packets to these networks; without it all packets count
  --interval S      length of a row's minute in seconds, 1 to ${INTERVAL_S_MAX} (default 60)
  --format F        csv (default), ndjson or rowbinary
  --help            print this

The last line on standard error is one JSON object with the sums.
Exit: 0 all files were read whole, 1 some were not, 2 the command line is not valid.`

/** The command line after `flows`; undefined asks for help. Problem: `request/invalid` with `what`. */
export function parseArguments(argv: readonly string[]): Result<FlowsArguments | undefined> {
  const parsed = parseLine(argv)
  if (!parsed.ok) return parsed
  const { values, positionals: files } = parsed.value
  if (values.help) return ok(undefined)
  const destinations = parseDestinations(values.dst ?? [])
  if (!destinations.ok) return destinations
  const interval_s = /^\d{1,4}$/.test(values.interval ?? '60') ? Number(values.interval ?? 60) : 0
  if (interval_s < 1 || interval_s > INTERVAL_S_MAX) return invalid(`--interval must be 1 to ${INTERVAL_S_MAX} seconds`)
  const format = formats.find((known) => known === (values.format ?? 'csv'))
  if (!format) return invalid(`--format must be one of ${formats.join(', ')}`)
  if (files.length === 0) return invalid('no file is named (- is standard input)')
  if (files.filter((file) => file === '-').length > 1) return invalid('standard input can be read once')
  return ok({ destinations: destinations.value, interval_s, format, files })
}

const invalid = (what: string) => fail('request/invalid', { what })

function parseLine(argv: readonly string[]) {
  try {
    const options = {
      dst: { type: 'string', multiple: true },
      interval: { type: 'string' },
      format: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const
    return ok(parseArgs({ args: [...argv], options, allowPositionals: true }))
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error))
  }
}

/** The value itself is not repeated in the message: it is where a sensor is. */
function parseDestinations(lists: readonly string[]): Result<Cidr[]> {
  const networks: Cidr[] = []
  for (const text of lists.flatMap((list) => list.split(','))) {
    const cidr = parseCidr(text.trim())
    if (!cidr.ok) return invalid('--dst needs networks such as 192.0.2.0/24,2001:db8::/32 (host bits zero)')
    networks.push(cidr.value)
  }
  return ok(networks)
}
