// Run by durability.test.ts as a process of its own: answers at a free port, prints it, and goes on until it is killed.
import { realWorld, unwrap } from '@hirundo/base'
import { writeSync } from 'node:fs'
import { startSensor } from '../agent.ts'
import { fastBounds } from '../rig.fixture.ts'
import { idleSource } from '../sources/source.ts'
import { defaultPersona } from './persona.ts'

const sensor = unwrap(await startSensor({
  state_directory: process.argv[2]!, source: idleSource, destinations: [], tick_ms: 2,
  bounds: { ...fastBounds, batch_age_ms_max: 1, answer_new_per_source_minute_max: 1_000_000, answer_new_per_net_minute_max: 1_000_000 },
  answer: { profile: { name: 'test', tcp: new Map([[9999, 'any']]), udp: new Map(), persona: defaultPersona }, address: '127.0.0.1', listenAt: () => 0, udp_permitted: false },
}, realWorld))
writeSync(1, `${sensor.listening.get('tcp/9999')}\n`)
