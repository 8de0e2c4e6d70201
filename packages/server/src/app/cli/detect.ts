import { formatSeconds, realWorld } from '@hirundo/base'
import { findingKinds, type FindingKind } from '@hirundo/contract'
import { Option, type Command } from 'commander'
import type { Detection } from '../../modules/warning/index.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { detectInCaptures, type CaptureDetections } from './detect-captures.ts'
import { networksOf, print, several, table, type Cli } from './frame.ts'

interface DetectOptions {
  readonly dst?: readonly string[]
  readonly own?: readonly string[]
  readonly only?: readonly string[]
  readonly format: 'text' | 'json'
}

const help = `
Reads captures (pcap, pcapng, gzip, zstd) as one observation, in order of time, without a node. It finds:
  rsdos         denial of service with forged sources, by its backscatter (25 packets, 60 s, 30 a minute; Moore et al. 2001)
  scan          one source that tries many destinations (10 destinations, an estimated 10 packets a second to all of IPv4)
  campaign      many sources with the same port, tool and signature at the same time
  own-network   a source of --own that scans
  worm, change-point, synchronised, spike, new
                changes on a port against what came before: they need days of captures
What needs sensors that answer (drdos) is not in captures. A finding is an observation and no judgement: addresses can be
forged. Its severity says how much of a person's time it asks for: record, notice, warning, urgent.

  hirundo detect --dst 192.0.2.0/24,198.51.100.0/24 --format json monday.pcap tuesday.pcap.gz`

/** `hirundo detect`: detectors over captures, without a node. */
export function detectCommand(program: Command, cli: Cli): void {
  program.command('detect').argument('<FILE...>', 'captures').description('find attacks, scans and campaigns in captures, without a node')
    .addOption(new Option('--dst <CIDR,...>', 'only packets to these networks; their size scales the thresholds').argParser(several))
    .addOption(new Option('--own <CIDR,...>', 'networks that are yours: their machines as victims or sources are warnings').argParser(several))
    .addOption(new Option('--only <KIND,...>', 'only these kinds; rsdos alone is several times faster').argParser(several))
    .addOption(new Option('--format <FORMAT>', 'text for people, json for programs').choices(['text', 'json']).default('text'))
    .addHelpText('after', help)
    .action(async (files: readonly string[], options: DetectOptions) => {
      const note = (what: string, detail?: Readonly<Record<string, unknown>>) => cli.note(`${what}${detail ? ` ${JSON.stringify(detail)}` : ''}\n`)
      const only = kindsOf(options.only)
      const found = await detectInCaptures(files, {
        destinations: networksOf(options.dst ?? []), own: networksOf(options.own ?? []), ...(only ? { only } : {}), random: realWorld.random, log: { info: note, warn: note },
      })
      for (const { kind, failed } of found.detectors) if (failed !== undefined) note(`the detector ${kind} ended early`, { why: failed })
      print(cli, options, rowsOf(found), (rows) => textOf(rows, found))
      if (found.unreadable > 0) throw new OperatorError(`${found.unreadable} of ${files.length} files could not be read to the end; what came before counts.`, 'The warnings above say where each ends.')
    })
}

function kindsOf(texts: readonly string[] | undefined): readonly FindingKind[] | undefined {
  const names = texts?.flatMap((text) => text.split(',')).filter((text) => text !== '')
  const unknown = names?.find((name) => !(findingKinds as readonly string[]).includes(name))
  if (unknown !== undefined) throw new OperatorError(`"${unknown}" is no kind of finding.`, `Kinds are ${findingKinds.join(', ')}.`)
  return names && names.length > 0 ? (names as FindingKind[]) : undefined
}

function rowsOf({ detections, detectors }: CaptureDetections) {
  const parameters = new Map(detectors.map((one) => [one.kind, one.parameters]))
  return detections.map(({ kind, start, end, subject, severity, packets, max_ppm, figures, crossed, members }) => ({
    kind, start: formatSeconds(start), end: formatSeconds(end), subject, severity, packets, ...(max_ppm === undefined ? {} : { max_ppm }),
    figures, crossed, ...(members ? { members } : {}), parameters: parameters.get(kind),
  }))
}
type Row = ReturnType<typeof rowsOf>[number]

function whom({ subject }: Row): string {
  const { victim, source, protocol, port, signature, novelty, value } = subject
  const service = protocol === undefined ? '' : `${protocol}${port === undefined ? '' : `/${port}`}`
  if (victim !== undefined) return `${victim} (victim, ${service})`
  return [source, service, signature && `(${signature})`, novelty && `new ${novelty} ${value ?? ''}`].filter(Boolean).join(' ')
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(3))
const why = ({ crossed }: Row): string => crossed.map(({ figure, value, threshold, rule }) => `${figure} ${number(value)} ${rule === 'below' ? '<' : '≥'} ${number(threshold)}`).join(', ')

function textOf(rows: readonly Row[], { counters, shed, unreadable }: CaptureDetections): string {
  const looked = `${counters.counted} of ${counters.packets} packets looked at${shed > 0 ? `; ${shed} samples left out, memory is bounded` : ''}`
  if (rows.length === 0) return unreadable > 0 && counters.packets === 0 ? looked : `Nothing found above the thresholds (--help names them). ${looked}`
  const columns = [
    { title: 'kind', value: (row: Row) => row.kind satisfies Detection['kind'] }, { title: 'severity', value: (row: Row) => row.severity },
    { title: 'from', value: (row: Row) => row.start }, { title: 'to', value: (row: Row) => row.end },
    { title: 'subject', value: whom }, { title: 'packets', value: (row: Row) => row.packets }, { title: 'densest minute', value: (row: Row) => row.max_ppm },
    { title: 'why', value: why },
  ]
  return `${table(rows, columns)}\n${rows.length} found. ${looked}`
}
