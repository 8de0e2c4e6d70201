import { problems, realWorld } from '@hirundo/base'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { addressCount } from '../addresses.ts'
import { enrol } from '../enrol.ts'
import { complain, exit, print, refuse } from './io.ts'
import { parseNetworks } from './settings.ts'

const options = {
  state: { type: 'string', default: '/var/lib/hirundo-sensor' }, node: { type: 'string' }, token: { type: 'string' },
  name: { type: 'string' }, dst: { type: 'string', multiple: true }, ca: { type: 'string' }, simulated: { type: 'boolean', default: false },
} as const

/** `hirundo-sensor enrol`; the exit code. */
export async function enrolCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options })
  const token = values.token ?? process.env['HIRUNDO_SENSOR_TOKEN']
  const { node, name } = values
  if (node === undefined || token === undefined || name === undefined) {
    complain('enrol needs --node, --token (or HIRUNDO_SENSOR_TOKEN) and --name')
    return exit.usage
  }
  const networks = parseNetworks(values.dst?.join(','))
  if (!networks.ok) return refuse(networks.problem, problems)
  const enrolled = await enrol({
    state_directory: values.state, node_url: node, token, name, simulated: values.simulated,
    addresses: addressCount(networks.value), ...(values.ca === undefined ? {} : { ca: readFileSync(values.ca, 'utf8') }),
  }, realWorld)
  if (!enrolled.ok) return refuse(enrolled.problem, problems)
  const { sensor, state, fingerprint, node_fingerprint } = enrolled.value
  print(`sensor       ${sensor}\nstate        ${state}\nfingerprint  ${fingerprint}\nnode         ${node_fingerprint}`)
  if (state === 'pending') print('Read the fingerprint to the node\'s operator, who approves this sensor when it is the same there.')
  return exit.done
}
