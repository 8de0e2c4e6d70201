// Run by spool.test.ts as a process of its own: spools for ever and prints each durable number.
import { batchKinds } from '@hirundo/formats'
import { writeSync } from 'node:fs'
import { minuteRow, openSpool } from './rig.fixture.ts'

const spool = await openSpool(process.argv[2]!)
for (;;) {
  const next = Number(spool.last) + 1
  for (let n = next; n < next + 3; n++) spool.add(batchKinds.sensor_minute, 1, minuteRow(n))
  await spool.settled()
  writeSync(1, `${spool.last}\n`)
}
