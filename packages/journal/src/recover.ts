import { fail, ok, type Result } from '@hirundo/base'
import { readUpTo, type Disk } from './disk.ts'
import type { JournalGap, OpenReport } from './model.ts'
import type { Quarantine } from './quarantine.ts'
import { decodeHeader, findRecord, HEADER_BYTES, RECORD_BYTES, recordAt, type SegmentHeader } from './record.ts'
import { firstOfName, isSegmentName, newSegment, type Segment } from './segment.ts'

interface Recovered {
  readonly segments: Segment[]
  readonly report: OpenReport
}

/**
 * Reads the headers of all segments and every record of the last one, cuts off its torn tail, and says what it found.
 * Closed segments were synced before their successor was made; they are checked as they are read.
 * Problem: `journal/foreign`.
 */
export async function recover(
  disk: Disk, directory: string, identity: Pick<SegmentHeader, 'kind' | 'origin' | 'epoch'>, quarantine: Quarantine,
): Promise<Result<Recovered>> {
  const names = (await disk.list(directory)).filter(isSegmentName).sort()
  const segments: Segment[] = []
  for (const name of names) {
    const segment = newSegment(directory, firstOfName(name), 0)
    const header = await readHeader(disk, segment)
    if (header && !isSame(header, identity, segment.first)) return fail('journal/foreign', { segment: name })
    segment.created_ms = header?.created_ms ?? 0
    const previous = segments.at(-1)
    if (previous) previous.last = segment.first - 1n
    segments.push(segment)
  }
  const report = await recoverLast(disk, directory, segments, quarantine)
  return ok({ segments, report })
}

const isSame = (
  header: SegmentHeader, identity: Pick<SegmentHeader, 'kind' | 'origin' | 'epoch'>, first: bigint,
): boolean =>
  header.kind === identity.kind && header.origin === identity.origin && header.epoch === identity.epoch &&
  header.first === first

async function readHeader(disk: Disk, segment: Segment): Promise<SegmentHeader | undefined> {
  const file = await disk.open(segment.path, 'r')
  try {
    segment.bytes = await file.size()
    return decodeHeader(await readUpTo(file, 0, HEADER_BYTES))
  } finally {
    await file.close()
  }
}

async function recoverLast(
  disk: Disk, directory: string, segments: Segment[], quarantine: Quarantine,
): Promise<OpenReport> {
  const segment = segments.at(-1)
  if (!segment) return { torn_bytes: 0, torn_records: 0, gaps: [] }
  const file = await disk.open(segment.path, 'r+')
  try {
    const bytes = await readUpTo(file, 0, segment.bytes)
    const scan = scanSegment(bytes, segment)
    if (scan.gaps.length > 0) await quarantine.keepSegment(segment)
    if (scan.torn_records > 0) await quarantine.keepTail(segment, scan.end, bytes.subarray(scan.end))
    segment.bytes = scan.end
    segment.last = scan.last
    const report = { torn_bytes: bytes.length - scan.end, torn_records: scan.torn_records, gaps: scan.gaps }
    if (scan.last >= segment.first || decodeHeader(bytes)) {
      await cutTail(file, segment.bytes, report)
      return report
    }
  } finally {
    await file.close()
  }
  // A kill between making the file and syncing its header: nothing was ever acknowledged from it.
  segments.pop()
  await disk.remove(segment.path)
  await disk.syncDirectory(directory)
  const before = await recoverLast(disk, directory, segments, quarantine)
  return { ...before, torn_bytes: before.torn_bytes + segment.bytes }
}

async function cutTail(
  file: { truncate(size_bytes: number): Promise<void>; datasync(): Promise<void> }, end: number, report: OpenReport,
): Promise<void> {
  if (report.torn_bytes === 0) return
  await file.truncate(end)
  await file.datasync()
}

interface Scan {
  /** Offset behind the last record that stays. */
  end: number
  last: bigint
  torn_records: number
  gaps: JournalGap[]
}

/** What is whole in `bytes`, the content of the last segment. */
function scanSegment(bytes: Uint8Array, segment: Segment): Scan {
  const scan: Scan = { end: Math.min(HEADER_BYTES, bytes.length), last: segment.first - 1n, torn_records: 0, gaps: [] }
  while (scan.end < bytes.length) {
    const expected = scan.last + 1n
    const record = recordAt(bytes, scan.end, expected, expected)
    if (record) {
      scan.end = record.end
      scan.last = record.sequence
      continue
    }
    const behind = recordsBehind(bytes, scan.end + 1, expected)
    // A later group can only exist if the damaged record's group had been synced: then this is damage, not a tear.
    if (!behind.later_group) return { ...scan, torn_records: behind.count }
    const { offset, record: found } = behind.next!
    scan.gaps.push({
      first: expected, last: found.sequence - 1n, reason: 'damaged', segment: segment.name, offset: scan.end,
    })
    scan.end = offset
    scan.last = found.sequence - 1n
  }
  return scan
}

interface Behind {
  count: number
  later_group: boolean
  next: ReturnType<typeof findRecord>
}

/** The readable records behind a bad one numbered `expected`, and whether one of them began a later group. */
function recordsBehind(bytes: Uint8Array, from: number, expected: bigint): Behind {
  const behind: Behind = { count: 0, later_group: false, next: undefined }
  let at = from
  let lowest = expected + 1n
  // No more records than bytes allow: garbage then hardly ever reaches the checksum, which would cost minutes.
  const highest = expected + BigInt(Math.ceil(bytes.length / RECORD_BYTES))
  for (;;) {
    const found = findRecord(bytes, at, lowest, highest)
    if (!found) return behind
    behind.next ??= found
    behind.count++
    if (found.record.sequence - BigInt(found.record.place) > expected) behind.later_group = true
    at = found.record.end
    lowest = found.record.sequence + 1n
  }
}
