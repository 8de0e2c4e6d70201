import { unwrap, type Uuid } from '@hirundo/base'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import {
  faultyDisk, openJournal, realDisk, type Faults, type Journal, type JournalGap, type JournalOptions,
} from './index.ts'

const origin = '00000000-0000-4000-8000-000000000001' as Uuid
const epoch = '00000000-0000-4000-8000-000000000002' as Uuid

async function temporary(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-journal-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

const optionsFor = (directory: string, more: Partial<JournalOptions> = {}): JournalOptions => ({
  directory, kind: 'spool', origin, epoch, world: { now: () => 1_767_225_600_000 },
  onFatal: (error) => assert.fail(`fatal: ${String(error)}`), ...more,
})

const open = async (directory: string, more: Partial<JournalOptions> = {}): Promise<Journal> =>
  unwrap(await openJournal(optionsFor(directory, more)))

const payload = (n: number, bytes = 40): Uint8Array => new Uint8Array(bytes).fill(n & 0xff)

async function readAll(journal: Journal, from = journal.first): Promise<{ sequences: number[]; gaps: JournalGap[] }> {
  const sequences: number[] = []
  const gaps: JournalGap[] = []
  for (let next = from; next <= journal.last; ) {
    const read = await journal.read(next, { bytes_max: 100 })
    for (const record of read.records) {
      assert.deepEqual(record.payload, payload(Number(record.sequence), record.payload.length))
      sequences.push(Number(record.sequence))
    }
    gaps.push(...read.gaps)
    assert.ok(read.next > next)
    next = read.next
  }
  return { sequences, gaps }
}

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** Appends 1…n, each in its own group. */
async function fill(journal: Journal, first: number, last: number): Promise<void> {
  for (const n of range(first, last)) {
    assert.deepEqual(unwrap(await journal.append(7, [payload(n)])), { first: BigInt(n), last: BigInt(n) })
  }
}

describe('journal', () => {
  test('what was appended is read back after reopening, over many segments', async (t) => {
    const directory = await temporary(t)
    const journal = await open(directory, { segment_bytes_max: 300 })
    await fill(journal, 1, 20)
    assert.deepEqual((await readAll(journal)).sequences, range(1, 20))
    await journal.close()
    const again = await open(directory, { segment_bytes_max: 300 })
    assert.ok(again.segments.length > 3)
    assert.deepEqual(await readAll(again), { sequences: range(1, 20), gaps: [] })
    await fill(again, 21, 25)
    assert.deepEqual((await readAll(again, 19n)).sequences, range(19, 25))
    const [record] = (await again.read(3n, { bytes_max: 1 })).records
    assert.equal(record?.kind, 7)
    await again.close()
  })

  test('concurrent appends share a sync, keep their order and resolve after it', async (t) => {
    let syncs = 0
    const disk = faultyDisk(realDisk, { datasync: () => void syncs++ })
    const journal = await open(await temporary(t), { disk })
    const results = await Promise.all(range(1, 200).map((n) => journal.append(1, [payload(n)])))
    assert.deepEqual(results.map((result) => Number(unwrap(result).first)), range(1, 200))
    assert.equal(syncs, 2)
    assert.equal(journal.last, 200n)
    await journal.close()
  })

  test('a short write is continued', async (t) => {
    const disk = faultyDisk(realDisk, { write: (bytes) => ({ bytes: Math.ceil(bytes / 3) }) })
    const journal = await open(await temporary(t), { disk })
    await fill(journal, 1, 5)
    assert.deepEqual((await readAll(journal)).sequences, range(1, 5))
    await journal.close()
  })

  test('a full disk refuses that append, keeps the rest and works on when there is room', async (t) => {
    const directory = await temporary(t)
    const faults: Faults = {}
    const journal = await open(directory, { disk: faultyDisk(realDisk, faults), segment_bytes_max: 300 })
    await fill(journal, 1, 6)
    for (const bytes of [0, 5, 30]) {
      faults.write = () => ({ bytes, code: 'ENOSPC' })
      for (let tries = 0; tries < 2; tries++) {
        const refused = await journal.append(7, [payload(9), payload(9)])
        assert.equal(refused.ok ? '' : refused.problem.code, 'node/full')
      }
      delete faults.write
      await fill(journal, Number(journal.last) + 1, Number(journal.last) + 3)
    }
    await journal.close()
    const again = await open(directory)
    assert.deepEqual(await readAll(again), { sequences: range(1, 15), gaps: [] })
    await again.close()
  })

  test('a failed sync or write is fatal: nothing is acknowledged after it, and it is never retried', async (t) => {
    for (const fault of ['datasync', 'write'] as const) {
      const faults: Faults = {}
      const fatal: unknown[] = []
      let syncs = 0
      const disk = faultyDisk(realDisk, faults)
      const journal = await open(await temporary(t), { disk, onFatal: (error) => fatal.push(error) })
      await fill(journal, 1, 2)
      faults.datasync = () => (syncs++, fault === 'datasync' ? 'EIO' : undefined)
      if (fault === 'write') faults.write = () => ({ bytes: 3, code: 'EIO' })
      const both = await Promise.allSettled([journal.append(1, [payload(3)]), journal.append(1, [payload(4)])])
      assert.deepEqual(both.map((one) => one.status), ['rejected', 'rejected'])
      delete faults.write
      delete faults.datasync
      await assert.rejects(journal.append(1, [payload(3)]))
      assert.equal(fatal.length, 1)
      assert.equal(syncs, fault === 'datasync' ? 1 : 0)
      assert.equal(journal.last, 2n)
      await journal.close()
    }
  })

  test('one process at a time', async (t) => {
    const directory = await temporary(t)
    const journal = await open(directory)
    const second = await openJournal(optionsFor(directory))
    assert.equal(second.ok ? '' : second.problem.code, 'journal/locked')
    await journal.close()
    await (await open(directory)).close()
  })

  test('another epoch or kind is refused, not mixed in', async (t) => {
    const directory = await temporary(t)
    const journal = await open(directory)
    await fill(journal, 1, 1)
    await journal.close()
    for (const other of [{ epoch: origin }, { origin: epoch }, { kind: 'inbox' as const }]) {
      const refused = await openJournal(optionsFor(directory, other))
      assert.equal(refused.ok ? '' : refused.problem.code, 'journal/foreign')
    }
  })

  test('dropped segments free their bytes, and reading before them names the gap', async (t) => {
    const journal = await open(await temporary(t), { segment_bytes_max: 300 })
    await fill(journal, 1, 20)
    const before = journal.bytes
    await journal.dropBefore(10n)
    assert.ok(journal.bytes < before)
    assert.ok(journal.first <= 10n && journal.first > 5n)
    const read = await journal.read(2n, { bytes_max: 100 })
    assert.deepEqual(read.gaps.map(({ first, last, reason }) => ({ first, last, reason })), [
      { first: 2n, last: journal.first - 1n, reason: 'dropped' },
    ])
    assert.equal(read.next, journal.first)
    await journal.dropBefore(1000n)
    assert.equal(journal.last, 20n)
    await fill(journal, 21, 21)
    await journal.close()
  })

  test('the first number may be given for an empty directory', async (t) => {
    const journal = await open(await temporary(t), { first: 41n })
    await fill(journal, 41, 42)
    assert.equal(journal.first, 41n)
    await journal.close()
  })
})

describe('journal after a crash', () => {
  test('cut at every byte: acknowledged records are all there, the tail is reported, appending goes on', async (t) => {
    const directory = await temporary(t)
    const journal = await open(directory, { segment_bytes_max: 400 })
    const acknowledged: { bytes: number; last: number }[] = []
    await fill(journal, 1, 7)
    const name = journal.segments.at(-1)!.name
    for (const n of range(8, 10)) {
      acknowledged.push({ bytes: journal.segments.at(-1)!.bytes, last: n - 1 })
      await fill(journal, n, n)
    }
    assert.equal(journal.segments.at(-1)!.name, name)
    acknowledged.push({ bytes: journal.segments.at(-1)!.bytes, last: 10 })
    const first_of_segment = Number(journal.segments.at(-1)!.first)
    await journal.close()
    const path = join(directory, name)
    const whole = await readFile(path)
    for (let size = 0; size <= whole.length; size++) {
      await writeFile(path, whole.subarray(0, size))
      const again = await open(directory, { segment_bytes_max: 400 })
      const expected = acknowledged.findLast((mark) => mark.bytes <= size)?.last ?? again.last
      assert.equal(Number(again.last), Number(expected), `cut at ${size}`)
      assert.ok(Number(again.last) >= first_of_segment - 1)
      assert.deepEqual(again.opened.gaps, [])
      const kept = again.segments.find((segment) => segment.name === name)?.bytes ?? 0
      assert.equal(again.opened.torn_bytes, size - kept)
      await fill(again, Number(again.last) + 1, Number(again.last) + 1)
      assert.deepEqual(await readAll(again), { sequences: range(1, Number(again.last)), gaps: [] })
      await again.close()
      for (const left of await readdir(directory)) if (left > name) await rm(join(directory, left), { recursive: true })
    }
  })

  test('a tail of zeros and a tail of noise are cut', async (t) => {
    for (const noise of [new Uint8Array(500), Uint8Array.from({ length: 500 }, (_, i) => (i * 197 + 31) & 0xff)]) {
      const directory = await temporary(t)
      const journal = await open(directory)
      await fill(journal, 1, 3)
      const { name, bytes } = journal.segments[0]!
      const path = join(directory, name)
      await journal.close()
      await writeFile(path, Buffer.concat([await readFile(path), noise]))
      const again = await open(directory)
      assert.equal(again.opened.torn_bytes, 500)
      assert.equal(again.bytes, bytes)
      await fill(again, 4, 4)
      await again.close()
    }
  })

  test('pages of an unsynced group out of order are a torn tail, kept aside', async (t) => {
    const directory = await temporary(t)
    const journal = await open(directory)
    await fill(journal, 1, 3)
    unwrap(await journal.append(7, [payload(4), payload(5), payload(6)]))
    const { name, bytes } = journal.segments[0]!
    const path = join(directory, name)
    await journal.close()
    const content = await readFile(path)
    content.fill(0, bytes - 180, bytes - 130)
    await writeFile(path, content)
    const again = await open(directory)
    assert.equal(again.last, 3n)
    assert.equal(again.opened.torn_records, 2)
    assert.equal((await readdir(join(directory, 'quarantine'))).length, 1)
    await again.close()
  })

  test('a bit flipped anywhere in a synced record is a named gap, found at opening and at reading', async (t) => {
    for (const segment_bytes_max of [10_000, 300]) {
      const directory = await temporary(t)
      const journal = await open(directory, { segment_bytes_max })
      await fill(journal, 1, 12)
      const path = join(directory, journal.segments[0]!.name)
      await journal.close()
      const whole = await readFile(path)
      for (let at = 64 + 60; at < 64 + 120; at++) {
        const broken = Buffer.from(whole)
        broken[at]! ^= 1 << (at % 8)
        await writeFile(path, broken)
        const again = await open(directory, { segment_bytes_max })
        const all = await readAll(again)
        assert.deepEqual(all.sequences, range(1, 12).filter((n) => n !== 2), `flip at ${at}`)
        assert.deepEqual(all.gaps.map(({ first, last, reason, offset }) => ({ first, last, reason, offset })), [
          { first: 2n, last: 2n, reason: 'damaged', offset: 124 },
        ])
        assert.equal(again.opened.gaps.length, segment_bytes_max === 300 ? 0 : 1)
        await again.close()
      }
      assert.equal((await readdir(join(directory, 'quarantine'))).length, 1)
    }
  })

  test('a damaged header loses no record; a missing or cut segment is named', async (t) => {
    const directory = await temporary(t)
    const journal = await open(directory, { segment_bytes_max: 300 })
    await fill(journal, 1, 16)
    const [one, two, three] = journal.segments.map((segment) => ({ ...segment, path: join(directory, segment.name) }))
    await journal.close()
    const first = await readFile(one!.path)
    first.fill(0xee, 0, 64)
    await writeFile(one!.path, first)
    await rm(two!.path)
    await truncate(three!.path, 64 + 60)
    const again = await open(directory, { segment_bytes_max: 300 })
    const { sequences, gaps } = await readAll(again)
    const lost = gaps.flatMap((gap) => range(Number(gap.first), Number(gap.last)))
    assert.deepEqual([...sequences, ...lost].sort((a, b) => a - b), range(1, 16))
    assert.deepEqual(gaps.map((gap) => gap.reason), ['missing', 'missing'])
    assert.deepEqual(lost, [...range(Number(two!.first), Number(two!.last)), ...range(Number(three!.first) + 1, Number(three!.last))])
    await again.close()
  })

  test('SIGKILL while appending: every number that was acknowledged is there', async (t) => {
    const directory = await temporary(t)
    let floor = 0
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'append-until-killed.fixture.ts'), directory], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      for await (const chunk of child.stdout) {
        text += String(chunk)
        if (text.length > 60 * (round + 1)) break
      }
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      const lines = text.slice(0, text.lastIndexOf('\n')).split('\n')
      const acknowledged = Number(lines.at(-1))
      assert.ok(acknowledged > floor)
      const journal = await open(directory, { segment_bytes_max: 1000 })
      assert.ok(Number(journal.last) >= acknowledged)
      assert.deepEqual(await readAll(journal), { sequences: range(1, Number(journal.last)), gaps: [] })
      floor = Number(journal.last)
      await journal.close()
    }
  })
})
