import { approveSensor, createEnrolmentToken, listSensors, revokeSensor, type ApiClient, type SensorView } from '@hirundo/contract'
import type { Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, integer, print, table, take, type Cli, type CommonOptions } from '../frame.ts'

/** The sensor of a name or id. Throws OperatorError when there is none. */
async function findSensor(client: ApiClient, text: string): Promise<SensorView> {
  const { sensors } = take(await client.call(listSensors, {}))
  const found = sensors.find(({ id }) => id === text) ?? sensors.find(({ name, state }) => name === text && state !== 'revoked')
  if (!found) throw new OperatorError(`No sensor is called "${text}".`, '"hirundo sensor list" shows them.')
  return found
}

function stateText(row: SensorView): string {
  const words = [row.state === 'approved' ? (row.live ? 'live' : row.kind === 'import' ? 'import' : 'silent') : row.state]
  return [...words, ...(row.simulated ? ['simulated'] : [])].join(' ')
}

/** sensor list, approve, revoke, token. */
export function sensorCommands(program: Command, cli: Cli): void {
  const sensor = program.command('sensor').description('sensors of this node')
  common(sensor.command('list').description('all sensors, by name')).action(async (options: CommonOptions) => {
    const { sensors } = take(await (await connect(cli, options)).call(listSensors, {}))
    print(cli, options, sensors, (rows) => table(rows, [
      { title: 'NAME', value: (row) => row.name }, { title: 'STATE', value: stateText }, { title: 'FINGERPRINT', value: (row) => row.fingerprint },
      { title: 'LAST SEEN', value: (row) => row.last_seen_at }, { title: 'CLOCK MS', value: (row) => row.clock_offset_ms },
      { title: 'SPOOL', value: (row) => row.spool_batches }, { title: 'DROPPED', value: (row) => row.dropped_kernel },
      { title: 'GAPS', value: (row) => row.gaps }, { title: 'UNREADABLE', value: (row) => row.quarantined },
      { title: 'INTERACTIONS', value: (row) => row.interactions }, { title: 'SHED', value: (row) => row.interactions_shed },
    ]))
  })
  common(sensor.command('token').description('a one-time token with which one sensor enrols; printed once'))
    .option('--note <TEXT>', 'for whom it is').option('--hours <N>', 'how long it is valid; 24 when left out', integer(1, 720))
    .action(async (options: CommonOptions & { note?: string; hours?: number }) => {
      const body = { ...(options.note === undefined ? {} : { note: options.note }), ...(options.hours === undefined ? {} : { valid_hours: options.hours }) }
      const made = take(await (await connect(cli, options)).call(createEnrolmentToken, { body }))
      print(cli, options, made, ({ token, node_fingerprint, expires_at }) =>
        `${token}\nvalid until ${expires_at}; the sensor must show this node's fingerprint: ${node_fingerprint}`)
    })
  common(sensor.command('approve').description('let a sensor in, after its operator read out its fingerprint').argument('<NAME>', 'or its id'))
    .requiredOption('--fingerprint <TEXT>', 'as its operator reads it out')
    .action(async (name: string, options: CommonOptions & { fingerprint: string }) => {
      const client = await connect(cli, options)
      const { id } = await findSensor(client, name)
      const view = take(await client.call(approveSensor, { params: { id }, body: { fingerprint: options.fingerprint } }))
      print(cli, options, view, (row) => `${row.name} is approved since ${row.approved_at}`)
    })
  common(sensor.command('revoke').description('end a sensor’s key at its next request; what it sent stays').argument('<NAME>', 'or its id'))
    .option('--note <TEXT>', 'why')
    .action(async (name: string, options: CommonOptions & { note?: string }) => {
      const client = await connect(cli, options)
      const { id } = await findSensor(client, name)
      const view = take(await client.call(revokeSensor, { params: { id }, body: options.note === undefined ? {} : { note: options.note } }))
      print(cli, options, view, (row) => `${row.name} is revoked since ${row.revoked_at}`)
    })
}
