// Run by journal.test.ts as a process of its own: appends for ever and prints each acknowledged number.
import { realWorld, unwrap, type Uuid } from '@hirundo/base'
import { writeSync } from 'node:fs'
import { openJournal } from './index.ts'

const journal = unwrap(await openJournal({
  directory: process.argv[2]!,
  kind: 'spool',
  origin: '00000000-0000-4000-8000-000000000001' as Uuid,
  epoch: '00000000-0000-4000-8000-000000000002' as Uuid,
  segment_bytes_max: 1000,
  world: realWorld,
  onFatal: (error) => {
    throw error
  },
}))
for (;;) {
  const next = Number(journal.last) + 1
  const { last } = unwrap(await journal.append(7, [1, 2, 3].map((_, i) => new Uint8Array(40).fill((next + i) & 0xff))))
  writeSync(1, `${last}\n`)
}
