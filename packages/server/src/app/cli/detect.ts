import { formatSeconds, realWorld } from '@hirundo/base'
import { Option, type Command } from 'commander'
import type { Detection, Subject } from '../../modules/warning/index.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { detectInCaptures, type CaptureDetections } from './detect-captures.ts'
import { networksOf, print, several, table, type Cli } from './frame.ts'

interface DetectOptions {
  readonly dst?: readonly string[]
  readonly format: 'text' | 'json'
}

const help = `
Reads captures (pcap, pcapng, gzip, zstd) as one observation, in the order given, without a node. It finds:
  rsdos  denial of service with forged sources, by its backscatter (25 packets, 60 s, 30 a minute; Moore et al. 2001)
  scan   one source that tries many destinations (10 destinations, an estimated 10 packets a second to all of IPv4)
A finding is an observation and no judgement: addresses can be forged.

  hirundo detect --dst 192.0.2.0/24,198.51.100.0/24 --format json monday.pcap tuesday.pcap.gz`

/** `hirundo detect`: detectors over captures, without a node. */
export function detectCommand(program: Command, cli: Cli): void {
  program.command('detect').argument('<FILE...>', 'captures').description('find attacks and scans in captures, without a node')
    .addOption(new Option('--dst <CIDR,...>', 'only packets to these networks; their size scales the thresholds').argParser(several))
    .addOption(new Option('--format <FORMAT>', 'text for people, json for programs').choices(['text', 'json']).default('text'))
    .addHelpText('after', help)
    .action(async (files: readonly string[], options: DetectOptions) => {
      const destinations = networksOf(options.dst ?? [])
      const note = (what: string, detail?: Readonly<Record<string, unknown>>) => cli.note(`${what}${detail ? ` ${JSON.stringify(detail)}` : ''}\n`)
      const found = await detectInCaptures(files, {
        destinations, random: realWorld.random, log: { info: note, warn: note },
      })
      print(cli, options, rowsOf(found), (rows) => textOf(rows, found))
      if (found.unreadable > 0) throw new OperatorError(`${found.unreadable} of ${files.length} files could not be read to the end; what came before counts.`, 'The warnings above say where each ends.')
    })
}

const rowsOf = ({ detections, parameters }: CaptureDetections) => detections.map(({ kind, start, end, subject, packets, max_ppm, figures }) => ({
  kind, start: formatSeconds(start), end: formatSeconds(end), subject, packets, ...(max_ppm === undefined ? {} : { max_ppm }),
  figures, parameters: parameters[kind as keyof typeof parameters],
}))
type Row = ReturnType<typeof rowsOf>[number]

function whom(subject: Subject): string {
  if ('victim' in subject) return `${subject.victim} (victim, ${subject.protocol})`
  if ('source' in subject) return `${subject.source} ${subject.protocol ?? ''}${subject.port === undefined ? '' : `/${subject.port}`}`.trim()
  return `${subject.protocol}/${subject.port}`
}

function textOf(rows: readonly Row[], { counters, shed, unreadable }: CaptureDetections): string {
  const looked = `${counters.counted} of ${counters.packets} packets looked at${shed > 0 ? `; ${shed} samples left out, memory is bounded` : ''}`
  if (rows.length === 0) return unreadable > 0 && counters.packets === 0 ? looked : `Nothing found above the thresholds (--help names them). ${looked}`
  const columns = [
    { title: 'kind', value: (row: Row) => row.kind satisfies Detection['kind'] }, { title: 'from', value: (row: Row) => row.start }, { title: 'to', value: (row: Row) => row.end },
    { title: 'subject', value: (row: Row) => whom(row.subject) }, { title: 'packets', value: (row: Row) => row.packets },
    { title: 'densest minute', value: (row: Row) => row.max_ppm },
  ]
  return `${table(rows, columns)}\n${rows.length} found. ${looked}`
}
