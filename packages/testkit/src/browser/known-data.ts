import { heardTop, listFindings, listSensors, listSubscriptions, topAnswer, type ApiClient } from '@hirundo/contract'
import { answerOf } from '../constellation/node-process.ts'

/** Sensors and services in the gallery of components, which asks no node. */
const specimens = ['alder', 'birch', 'cedar', 'microsoft-ds']
/** What the components below ours say to screen readers in translations of their own: the unseen button that closes a drawer. */
const of_components = ['Dismiss']

/** Words that a page of this node may show without a catalogue: names of sensors, services and networks, and of who reads. */
export async function knownData(client: ApiClient, person: { readonly name: string; readonly sign_in_name: string }): Promise<string[]> {
  const { sensors } = answerOf(await client.call(listSensors, {}))
  const top = async (dimension: 'ports' | 'asns') => answerOf(await client.call(topAnswer, { params: { dimension }, query: { limit: 1000 } })).data
  const heard = async (what: 'protocols' | 'amplifiers') => answerOf(await client.call(heardTop, { params: { what }, query: { limit: 1000 } })).data.rows.flatMap(({ key }) => key ?? [])
  const { findings } = answerOf(await client.call(listFindings, { query: { severity: ['record', 'notice', 'warning', 'urgent'], muted: true, limit: 500 } }))
  const { subscriptions } = answerOf(await client.call(listSubscriptions, {}))
  return [
    ...findings.flatMap(({ as_name, subject }) => [as_name ?? '', subject.protocol ?? '', subject.signature ?? '']),
    ...subscriptions.map(({ name }) => name),
    ...specimens, ...of_components, person.name, person.sign_in_name, ...sensors.flatMap(({ name }) => name),
    ...(await top('ports')).flatMap(({ service }) => service ?? []), ...(await top('asns')).flatMap(({ as_name }) => as_name ?? []),
    ...await heard('protocols'), ...await heard('amplifiers'),
  ]
}
