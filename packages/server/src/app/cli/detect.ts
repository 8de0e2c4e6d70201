import { realWorld } from '@hirundo/base'
import { findingKinds, severities, type FindingKind, type Severity } from '@hirundo/contract'
import { Option, type Command } from 'commander'
import { OperatorError, UsageError } from '../../platform/operator-error.ts'
import { detectInCaptures, type CaptureFault } from './detect-captures.ts'
import { detectionRows, detectionsText, faultText } from './detect-text.ts'
import { networksOf, print, several, type Cli } from './frame.ts'

interface DetectOptions {
  readonly dst?: readonly string[]
  readonly own?: readonly string[]
  readonly only?: readonly string[]
  readonly severity?: readonly string[]
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
forged. Its severity says how much of a person's time it asks for: record, notice, warning, urgent. The table begins with what
asks for most, JSON is in order of time.

  hirundo detect --dst 192.0.2.0/24,198.51.100.0/24 --format json monday.pcap tuesday.pcap.gz
  hirundo detect --dst 192.0.2.0/24 --severity urgent,warning,notice monday.pcap`

/** `hirundo detect`: detectors over captures, without a node. */
export function detectCommand(program: Command, cli: Cli): void {
  program.command('detect').argument('<FILE...>', 'captures').description('find attacks, scans and campaigns in captures, without a node')
    .addOption(new Option('--dst <CIDR,...>', 'only packets to these networks; their size scales the thresholds').argParser(several))
    .addOption(new Option('--own <CIDR,...>', 'networks that are yours: their machines as victims or sources are warnings').argParser(several))
    .addOption(new Option('--only <KIND,...>', 'only these kinds; rsdos alone is several times faster').argParser(several))
    .addOption(new Option('--severity <SEVERITY,...>', `only these: ${severities.join(', ')}`).argParser(several))
    .addOption(new Option('--format <FORMAT>', 'text for people, json for programs').choices(['text', 'json']).default('text'))
    .addHelpText('after', help)
    .action(async (files: readonly string[], options: DetectOptions) => {
      const [only, wanted] = [kindsOf(options.only), severitiesOf(options.severity)]
      const found = await detectInCaptures(files, {
        destinations: networksOf(options.dst ?? []), own: networksOf(options.own ?? []), ...(only ? { only } : {}), random: realWorld.random,
      })
      for (const { kind, failed } of found.detectors) if (failed !== undefined) cli.note(`the detector ${kind} ended early: ${failed}\n`)
      for (const fault of found.faults) cli.note(`${faultText(fault)}\n`)
      const all = detectionRows(found)
      const rows = wanted ? all.filter(({ severity }) => wanted.includes(severity)) : all
      print(cli, options, rows, () => detectionsText(rows, all.length - rows.length, found))
      if (found.faults.length > 0) throw endOf(found.faults, files.length)
    })
}

/** What is said at the end when not every file could be read. */
function endOf(faults: readonly CaptureFault[], files: number): OperatorError {
  const so_many = `${faults.length} of ${files} ${files === 1 ? 'file' : 'files'} could not be read`
  return faults.some(({ packets }) => packets > 0)
    ? new OperatorError(`${so_many} to the end; what came before counts.`, 'The lines above say where each ends.')
    : new OperatorError(`${so_many}.`, 'Is the path right, and is it a capture: pcap or pcapng, as it is or as gzip or zstd?')
}

/** Words of an option, several with commas or given often; undefined: none. Throws UsageError. */
function wordsOf<T extends string>(texts: readonly string[] | undefined, known: readonly T[], what: string): readonly T[] | undefined {
  const words = texts?.flatMap((text) => text.split(',')).filter((text) => text !== '')
  const unknown = words?.find((word) => !(known as readonly string[]).includes(word))
  if (unknown !== undefined) throw new UsageError(`"${unknown}" is no ${what}.`, `It is one of ${known.join(', ')}.`)
  return words && words.length > 0 ? (words as T[]) : undefined
}

function kindsOf(texts: readonly string[] | undefined): readonly FindingKind[] | undefined {
  const kinds = wordsOf(texts, findingKinds, 'kind of finding')
  if (kinds?.includes('drdos')) throw new UsageError('drdos cannot be found in captures.', 'It takes sensors that answer. Leave it out; by its backscatter an attack with forged sources is rsdos.')
  return kinds
}

const severitiesOf = (texts: readonly string[] | undefined): readonly Severity[] | undefined => wordsOf(texts, severities, 'severity')
