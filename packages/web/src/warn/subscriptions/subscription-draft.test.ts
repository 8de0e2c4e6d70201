import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubscriptionView } from '@hirundo/contract'
import { draftOf, emptyDraft, readDraft } from './subscription-draft.ts'

test('lists are read as people write them', () => {
  const { body, wrong } = readDraft({ ...emptyDraft('ja'), name: ' SOC ', target: 'soc@csirt.example', ports: 'TCP/23, udp/53', economies: 'xa、XB', asns: 'AS64500 64501' })
  assert.deepEqual(wrong, [])
  assert.deepEqual([body.name, body.ports, body.economies, body.asns], ['SOC', ['tcp/23', 'udp/53'], ['XA', 'XB'], [64500, 64501]])
})

test('each wrong field is named, and a way that needs no address asks for none', () => {
  const draft = { ...emptyDraft('en'), target: 'nowhere', ports: '23 tcp/99999', economies: 'Japan', asns: 'many' }
  assert.deepEqual(readDraft(draft).wrong, ['name', 'target', 'ports', 'economies', 'asns'])
  assert.deepEqual(readDraft({ ...emptyDraft('en'), name: 'me', channel: 'web', target: 'left over' }).body.target, '')
})

test('what is edited and saved without a change is the same', () => {
  const given: SubscriptionView = {
    id: '', name: 'a', channel: 'webhook', target: 'https://hook.example/x', of: 'findings', language: 'ko', kinds: ['worm'], ports: ['tcp/23'], economies: ['XA'], asns: [64500],
    severity_min: 'urgent', tlp_max: 'TLP:RED', digest: 'hourly', quiet: { from: '22:00', to: '06:00', time_zone: 'Asia/Seoul', but_urgent: true },
    active: true, created_by: '', created_at: '', last_sent_at: null, last_problem: null, secret_shown_once: null,
  }
  const { id: _, active: _a, created_by: _b, created_at: _c, last_sent_at: _d, last_problem: _e, secret_shown_once: _f, ...fields } = given
  assert.deepEqual(readDraft(draftOf(given)), { body: fields, wrong: [] })
})
