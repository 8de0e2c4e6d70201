import { realWorld } from '@hirundo/base'
import {
  addMute, addSubscription, commentFinding, draftBulletin, editBulletin, findingOwners, getBulletin, listFindings, putSetting, releaseBulletin, setFindingLabel, setFindingOwner, setFindingState, testSubscription, withdrawBulletin,
  type ApiClient, type FindingRow, type NewSubscription,
} from '@hirundo/contract'
import { plantFindings } from '@hirundo/server/testing/findings'
import { answerOf } from '../../constellation/node-process.ts'
import { OWN_NETWORK, plantedFindings } from './planted.ts'

const DAY_MS = 86_400_000
const everything: NewSubscription = {
  name: '', channel: 'web', target: '', of: 'bulletins', language: 'en', kinds: [], ports: [], economies: [], asns: [], severity_min: 'record', tlp_max: 'TLP:RED', digest: 'at-once', quiet: null,
}
/** Nothing answers there: what could not be delivered must be seen as well. */
const RECEIVER = { host: '198.51.100.7', cidr: '198.51.100.7/32' } as const

/** What stands behind the pages of warning. */
export interface SeededWarning {
  /** Ids by name (planted.ts). */
  readonly findings: ReadonlyMap<string, string>
  readonly draft: string
  readonly released: string
  readonly withdrawn: string
  readonly subscription: string
}

async function subscribe(client: ApiClient): Promise<string> {
  answerOf(await client.call(putSetting, { params: { key: 'notify.webhook_allow' }, body: { value: [RECEIVER] } }))
  const add = async (part: Partial<NewSubscription>) => answerOf(await client.call(addSubscription, { body: { ...everything, ...part } })).id
  const own = await add({ name: 'My notices', of: 'findings', severity_min: 'notice' })
  await add({ name: 'Bulletins on the web', quiet: { from: '22:00', to: '07:00', time_zone: 'Asia/Tokyo', but_urgent: true } })
  await add({ name: 'SOC of Tern Broadband', channel: 'webhook', target: `https://${RECEIVER.host}/hirundo`, kinds: ['rsdos', 'drdos', 'own-network'], economies: ['XC'], asns: [64_530], severity_min: 'warning', tlp_max: 'TLP:AMBER', language: 'ja', digest: 'hourly' })
  await add({ name: 'Router vendors', channel: 'webhook', target: `https://${RECEIVER.host}/vendors`, kinds: ['worm', 'new'], ports: ['tcp/9530', 'tcp/8291'], severity_min: 'warning', tlp_max: 'TLP:GREEN' })
  answerOf(await client.call(testSubscription, { params: { id: own } }))
  return own
}

/** What people did with them: judged, owned, labelled, muted, commented. */
async function judge(client: ApiClient, id: (name: string) => string): Promise<void> {
  const { people } = answerOf(await client.call(findingOwners, {}))
  const own = async (name: string) => answerOf(await client.call(setFindingOwner, { params: { id: id(name) }, body: { person: people[0]!.id } }))
  const state = async (name: string, ...moves: readonly Parameters<typeof set>[1][]) => {
    for (const move of moves) await set(name, move)
  }
  const set = async (name: string, body: { readonly state: FindingRow['state']; readonly dismissal?: 'not-significant' | 'false-alarm'; readonly text?: string }) =>
    answerOf(await client.call(setFindingState, { params: { id: id(name) }, body }))
  const comment = async (name: string, text: string) => answerOf(await client.call(commentFinding, { params: { id: id(name) }, body: { text } }))
  await comment('worm', 'Same payload as on the answering sensor. Asked the vendor’s PSIRT whether they know.')
  await state('own', { state: 'triaged' })
  await own('own')
  await comment('own', 'Called the NOC: a camera in a branch office. They take it off the network.')
  await state('change', { state: 'confirmed', text: 'Also seen by two partners.' })
  await own('change')
  answerOf(await client.call(setFindingLabel, { params: { id: id('rsdos') }, body: { tlp: 'TLP:GREEN' } }))
  await state('worm-false', { state: 'dismissed', dismissal: 'not-significant', text: 'Firmware update of one vendor: known to us.' })
  await state('rsdos-past', { state: 'confirmed' }, { state: 'closed' })
  await state('campaign-quiet', { state: 'confirmed' })
  const until = new Date(realWorld.now() + 7 * DAY_MS).toISOString()
  answerOf(await client.call(addMute, { body: { kind: 'scan', subject: { source: '240.77.3.18' }, why: 'Asset inventory of a university, announced by mail.', until } }))
}

async function write(client: ApiClient, id: (name: string) => string): Promise<{ draft: string; released: string; withdrawn: string }> {
  const draftOf = async (name: string) => answerOf(await client.call(draftBulletin, { params: { id: id(name) } }))
  const send = async ({ id: bulletin }: { readonly id: string }, tlp: 'TLP:GREEN' | 'TLP:CLEAR') => {
    const seen = answerOf(await client.call(getBulletin, { params: { id: bulletin } }))
    const edited = answerOf(await client.call(editBulletin, { params: { id: bulletin }, body: { version: seen.version, tlp } }))
    return answerOf(await client.call(releaseBulletin, { params: { id: bulletin }, body: { version: edited.version } }))
  }
  const withdrawn = await send(await draftOf('new'), 'TLP:CLEAR')
  answerOf(await client.call(withdrawBulletin, { params: { id: withdrawn.id }, body: { why: 'The URL belongs to a scanner of a university.' } }))
  const released = await send(await draftOf('rsdos'), 'TLP:GREEN')
  const draft = await draftOf('worm')
  const text = { ...draft.texts.en, action: `Do this first: close port 9530 at the border.\n${draft.texts.en.action}` }
  answerOf(await client.call(editBulletin, { params: { id: draft.id }, body: { version: draft.version, tlp: 'TLP:AMBER', texts: { en: text } } }))
  return { draft: draft.id, released: released.id, withdrawn: withdrawn.id }
}

/** Findings of each kind in each state, bulletins and subscriptions, on a node with its own database; `client` is a person's. */
export async function seedWarning(data_dir: string, client: ApiClient): Promise<SeededWarning> {
  const planted = plantedFindings(Math.floor(realWorld.now() / 1000))
  await plantFindings(data_dir, planted, [OWN_NETWORK])
  const query = { severity: ['record', 'notice', 'warning', 'urgent'], limit: 500 } as const
  const { findings } = answerOf(await client.call(listFindings, { query: { ...query, severity: [...query.severity] } }))
  const about = ({ kind, subject }: Pick<FindingRow, 'kind' | 'subject'>): string => [kind, subject.victim, subject.source, subject.protocol, subject.port].join(' ')
  // Of several about the same the nearest: merged with one that stood there before, it begins earlier.
  const nearest = ({ detection }: (typeof planted)[number]): FindingRow | undefined => {
    const far = ({ start }: FindingRow): number => Math.abs(Date.parse(start) - detection.start * 1000)
    return findings.filter((row) => about(row) === about(detection)).toSorted((a, b) => far(a) - far(b))[0]
  }
  const ids = new Map(planted.map((one) => [one.name, nearest(one)?.id ?? '']))
  const id = (name: string): string => {
    const known = ids.get(name)
    if (known === undefined || known === '') throw new Error(`the node does not list the finding "${name}"`)
    return known
  }
  const subscription = await subscribe(client)
  await judge(client, id)
  return { findings: ids, subscription, ...await write(client, id) }
}
