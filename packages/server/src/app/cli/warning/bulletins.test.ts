import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { fail, ok } from '@hirundo/base'
import type { Scope } from '@hirundo/contract'
import { bulletinHandlersOf } from '../../../modules/warning/bulletins/routes.ts'
import { startKit, type BulletinKit } from '../../../modules/warning/bulletins/testing/kit.ts'
import { addApiRoutes } from '../../../platform/http/api-routes.ts'
import { makeHttpServer } from '../../../platform/http/server.ts'
import type { Actor } from '../../../platform/module.ts'
import { silent } from '../../../platform/testing/postgres.ts'
import { run } from '../run.ts'

let kit: BulletinKit
let actor: Actor
let url: string
let server: ReturnType<typeof makeHttpServer>
before(async () => {
  kit = await startKit()
  actor = kit.token()
  server = makeHttpServer({ config: { body_bytes_max: 65_536, connections_max: 10, request_ms_max: 30_000, trusted_proxies: [] }, log: silent, count: () => undefined })
  addApiRoutes(server, bulletinHandlersOf(kit.tools), {
    authenticate: async (_, { needs }) => (actor.scopes.includes(needs as Scope) ? ok({ actor, stands: async () => true }) : fail('auth/forbidden', { needs })),
  })
  url = await server.listen({ host: '127.0.0.1', port: 0 })
})
after(async () => {
  await server.close()
  await kit.stop()
})
beforeEach(() => kit.clear())

async function hirundo(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await run({ environment: { HIRUNDO_URL: url, HIRUNDO_TOKEN: 'any' }, out: (text) => void (out += text), note: (text) => void (err += text) }, args)
  process.exitCode = 0
  return { code, out, err }
}
async function said(...args: string[]): Promise<string> {
  const { code, out, err } = await hirundo(...args)
  assert.equal(code, 0, `${args.join(' ')}: ${err}`)
  return out
}
const finding = 'e0000000-0000-4000-8000-000000000000'

test('a bulletin is drafted, found by its number, and read in a language', async () => {
  assert.match(await said('bulletin', 'draft', finding), /^TLP:AMBER\n\nHB-2026-0001: New URL requested/)
  assert.match(await said('bulletin', 'hb-2026-0001', '--language', 'ja'), /WHAT\nセンサー/)
  assert.match(await said('bulletin', 'show', 'HB-2026-0001'), /as drafted: nobody edited this text; of finding e0000000/)
  assert.match(await said('bulletins', '--state', 'draft', '--language', 'ko'), /HB-2026-0001 +draft +TLP:AMBER +warning +new +tcp\/8080/)
  assert.equal(JSON.parse(await said('bulletins', '--format', 'json')).bulletins.length, 1)
  assert.match((await hirundo('bulletin', 'HB-2026-0009')).err, /No such bulletin.*\n"hirundo bulletins" shows them/)
  for (const args of [['bulletin', 'show', 'nope'], ['bulletin', 'recipients', 'nope'], ['bulletin', 'draft', 'nope'], ['deliveries', '--bulletin', 'nope']]) {
    const { code, err } = await hirundo(...args)
    assert.deepEqual([code, /"nope" is no (number or )?id of a (bulletin|finding)\./.test(err), err.includes('pattern')], [2, true, false], args.join(' '))
  }
  assert.match((await hirundo('bulletin', 'draft', '00000000-0000-4000-8000-000000000000')).err, /No such finding/)
})

test('a subscription is added, listed, tested, paused and removed', async () => {
  const made = await said('subscription', 'add', 'webhook', kit.hook, '--name', 'hook', '--of', 'findings', '--kind', 'worm', '--kind', 'rsdos', '--port', 'tcp/23', '--economy', 'XA', '--asn', '64500',
    '--severity', 'warning', '--tlp', 'TLP:RED', '--quiet', '22:00-07:00,Asia/Tokyo', '--but-urgent')
  assert.match(made, /^hook is subscribed, id [0-9a-f-]{36}\nkey of its signatures, shown only now: [\w-]{43}\n$/)
  const list = await said('subscriptions')
  assert.match(list, /hook +findings +webhook +http:.*worm,rsdos; tcp\/23; XA; AS64500; from warning; up to TLP:RED +at-once, quiet 22:00-07:00 Asia\/Tokyo but urgent +en +active/)
  assert.match(await said('subscription', 'test', 'hook'), /Sent \(HTTP 204\)/)
  const again = await hirundo('subscription', 'test', 'hook')
  assert.deepEqual([again.code, /tested just now/.test(again.out)], [1, true])
  assert.match(await said('subscription', 'pause', 'hook'), /hook is paused/)
  assert.match(await said('subscriptions'), /PAUSED/)
  assert.match(await said('subscription', 'resume', 'hook'), /hook is active/)
  assert.match(await said('subscription', 'remove', 'hook'), /hook is removed/)
  assert.match((await hirundo('subscription', 'remove', 'hook')).err, /No subscription is called "hook"/)
})

test('what may not be sent to is refused with the reason, what means nothing is wrong usage', async () => {
  assert.match((await hirundo('subscription', 'add', 'webhook', 'https://elsewhere.example/')).err, /cannot send to this address: .*notify\.webhook_allow/)
  assert.match((await hirundo('subscription', 'add', 'mail', 'nobody')).err, /no mail address: it looks like soc@example\.org/)
  for (const wrong of [['add', 'fax', 'x'], ['add', 'mail', 'a@example.org', '--quiet', 'night'], ['add', 'mail', 'a@example.org', '--quiet', '25:00-07:00,Asia/Tokyo'], ['add', 'mail', 'a@example.org', '--quiet', '22:00-07:00,Nowhere/City'], ['add', 'mail', 'a@example.org', '--port', 'tcp/99999'], ['add', 'mail', 'a@example.org', '--port', '23'], ['add', 'mail', 'a@example.org', '--kind', 'x'], ['add', 'mail', 'a@example.org', '--asn', '-1']]) {
    assert.equal((await hirundo('subscription', ...wrong)).code, 2, wrong.join(' '))
  }
})

test('deliveries say what became of each', async () => {
  await said('subscription', 'add', 'mail', 'soc@example.org', '--of', 'findings', '--name', 'SOC')
  assert.match(await said('subscriptions'), /up to TLP:AMBER\+STRICT/)
  await kit.findNew({ tlp: 'TLP:AMBER+STRICT' })
  assert.match(await said('deliveries'), /waiting +worm +found +SOC +mail +soc@example.org/)
  await kit.work()
  assert.match(await said('deliveries', '--subscription', 'SOC'), /sent +worm +found +SOC +mail +soc@example.org +1/)
  await said('bulletin', 'draft', finding)
  assert.match(await said('bulletin', 'recipients', 'HB-2026-0001'), /SUBSCRIPTION/)
  await said('subscription', 'add', 'mail', 'others@example.org', '--name', 'Others', '--kind', 'worm')
  assert.match((await hirundo('bulletin', 'recipients', 'HB-2026-0001')).err, /Nobody gets it\.\nnot to Others: it wants other kinds/)
  assert.match(await said('deliveries', '--bulletin', 'hb-2026-0001'), /^STATE/)
})
