import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { uuidV4 } from '@hirundo/base'
import { scopes, type Scope } from '@hirundo/contract'
import { platformDb } from '../db/tables.ts'
import { startPeople, type Browser, type Someone, type TestPeople } from './people/testing/people.ts'
import { storeFirstToken } from './tokens.ts'
import { makeTokenText } from './token-text.ts'

let people: TestPeople
let akiko: Someone
before(async () => {
  people = await startPeople()
  akiko = await people.administrator()
})
after(() => people.stop())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const newcomer = (from = '192.0.2.1'): Browser => Object.assign(people.browser(), { address: from })
const make = (token: string, body: object, from?: string) => newcomer(from).ask('POST', '/tokens', { name: 'x', scopes: ['tokens:write', 'audit:read'], ...body }, bearer(token))

test('a token that a token made ends with the person who made the first', async () => {
  const administrator = await people.signIn(akiko)
  const { person, invitation } = await administrator.must('POST', '/persons', { name: 'Bao', sign_in_name: 'bao@example.org', role: 'administrator' })
  const bao = people.browser()
  await bao.must('POST', '/invitation', { secret: invitation.link.split('#')[1] })
  await people.enrol(bao)
  const { token } = await bao.must('POST', '/tokens', { name: 'mine', scopes: ['tokens:write', 'audit:read'] })
  const child = (await make(token, {})).body.token as string
  assert.equal(await newcomer().refused('GET', '/audit', undefined, bearer(child)), 'none')
  await (await people.signIn(akiko)).must('PUT', `/persons/${person.id}/state`, { state: 'disabled' })
  for (const one of [token, child]) assert.notEqual(await newcomer().refused('GET', '/audit', undefined, bearer(one)), 'none')
})

test('a token makes none that lasts longer or works from elsewhere than itself', async () => {
  const administrator = await people.signIn(akiko)
  const expires_at = '2026-02-01T00:00:00Z'
  const { token } = await administrator.must('POST', '/tokens', { name: 'bound', scopes: ['tokens:write', 'audit:read'], networks: ['198.51.100.0/24'], expires_at })
  const from = '198.51.100.7'
  for (const body of [{ networks: ['0.0.0.0/0'] }, { networks: ['198.51.0.0/16'] }, { networks: ['198.51.100.0/25', '203.0.113.0/24'] }, { expires_at: '2026-02-01T00:00:01Z' }]) {
    assert.equal((await make(token, body, from)).status, 403, JSON.stringify(body))
  }
  const { view } = (await make(token, {}, from)).body
  assert.deepEqual([view.networks, view.expires_at], [['198.51.100.0/24'], '2026-02-01T00:00:00.000Z'])
  const narrower = (await make(token, { networks: ['198.51.100.0/28'], expires_at: '2026-01-15T00:00:00Z' }, from)).body.view
  assert.deepEqual([narrower.networks, narrower.expires_at], [['198.51.100.0/28'], '2026-01-15T00:00:00.000Z'])
})

/** All that can be had in another organisation of this node. */
async function elsewhere(): Promise<{ token: string; administrator: Browser; organisation: string }> {
  const administrator = await people.signIn(akiko)
  const { id } = await administrator.must('POST', '/organisations', { name: 'Elsewhere' })
  const { token } = await administrator.must('POST', '/tokens', { name: 'all', scopes, organisation: id })
  const { body } = await newcomer().ask('POST', '/persons', { name: 'Eve', sign_in_name: 'eve@example.net', role: 'administrator' }, bearer(token))
  const eve = people.browser()
  await eve.must('POST', '/invitation', { secret: body.invitation.link.split('#')[1] })
  await people.enrol(eve)
  return { token, administrator: eve, organisation: id }
}

test('whoever may all in another organisation decides nothing on the node and gets no token of another one', async () => {
  const { token, administrator, organisation } = await elsewhere()
  const { uuid } = await platformDb(people.kit.db).selectFrom('organisation').select('uuid').where('id', '=', 1).executeTakeFirstOrThrow()
  const wanted: Scope[] = ['audit:read']
  for (const [browser, headers] of [[newcomer(), bearer(token)], [administrator, {}]] as const) {
    assert.equal(await browser.refused('GET', '/organisations', undefined, headers), 'auth/forbidden')
    assert.equal(await browser.refused('POST', '/organisations', { name: uuidV4(people.world) }, headers), 'auth/forbidden')
    assert.equal(await browser.refused('POST', '/tokens', { name: 'x', scopes: wanted, organisation: uuid }, headers), 'auth/forbidden')
    assert.equal(await browser.refused('POST', '/tokens', { name: 'x', scopes: ['node:operate'] }, headers), 'auth/forbidden')
    assert.equal(await browser.refused('POST', '/tokens', { name: 'x', scopes: wanted, organisation }, headers), 'none')
    assert.equal(await browser.refused('GET', '/audit', undefined, headers), 'none')
  }
  const view = await administrator.must('GET', '/session')
  assert.deepEqual(view.scopes, scopes.filter((scope) => scope !== 'node:operate'))
  assert.equal(await administrator.refused('POST', '/persons', { name: 'Fay', sign_in_name: 'fay@example.net', role: 'administrator' }), 'none')
})

test('the first token of a node may all that its organisation may', async () => {
  const text = makeTokenText(people.world)
  await platformDb(people.kit.db).deleteFrom('api_token').execute()
  await storeFirstToken(people.kit.db, people.world, text)
  assert.equal(await newcomer().refused('GET', '/organisations', undefined, bearer(text)), 'none')
})
