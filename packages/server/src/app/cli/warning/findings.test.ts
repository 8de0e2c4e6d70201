import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { scopesOfRole } from '@hirundo/contract'
import { storeDetections } from '../../../modules/warning/findings/store-detections.ts'
import { startDoors, type Doors } from '../../../modules/warning/findings/testing/doors.ts'
import { context, detection, T0 } from '../../../modules/warning/findings/testing/findings.ts'
import type { Detection } from '../../../modules/warning/detectors/model.ts'
import { run } from '../run.ts'

let doors: Doors
let url: string
before(async () => {
  doors = await startDoors()
  url = await doors.url()
})
after(() => doors?.stop())
beforeEach(async () => {
  await doors.clear()
  // Rules end by the clock of who sets them.
  doors.now = Date.now()
  doors.by = { ...doors.by, scopes: scopesOfRole.analyst }
})

const store = (detections: readonly Detection[], simulated = false) => storeDetections(doors.tools, 1, detections, context({ found_at_ms: doors.now, simulated }))

async function hirundo(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await run({ environment: { HIRUNDO_URL: url, HIRUNDO_TOKEN: 'any' }, out: (text) => void (out += text), note: (text) => void (err += text) }, args)
  return { code, out, err }
}
async function said(...args: string[]): Promise<string> {
  const { code, out, err } = await hirundo(...args)
  assert.equal(code, 0, `${args.join(' ')}: ${err}`)
  return out
}
const idOf = async (...args: string[]): Promise<string> => JSON.parse(await said('findings', '--format', 'json', ...args)).findings[0].id

test('findings are a table by urgency that says what is made up and what a place means', async () => {
  doors.networks.set('240.0.0.1', { economy: 'XA', asn: 64_500, as_name: 'Example' })
  await store([detection({ open: true }), detection({ kind: 'change-point', subject: { protocol: 'tcp', port: 23 }, severity: 'urgent' }), detection({ kind: 'scan', subject: { source: '240.0.0.9' }, severity: 'record' })], true)
  const { out, err } = await hirundo('findings')
  const lines = out.trim().split('\n')
  assert.match(lines[0]!, /^SEVERITY +KIND +ABOUT +WHY +START +END +EVENTS +PACKETS +SOURCES +SENSORS +PLACE +STATE +OWNER +ID$/)
  assert.match(lines[1]!, /^urgent +change-point +tcp\/23 \(telnet\) .* new SIMULATED /)
  assert.match(lines[2]!, /^notice +rsdos +victim 240\.0\.0\.1 tcp +packets 100 ≥ 25 +2026-01-05T00:00:00\.000Z +2026-01-05T00:10:00\.000Z, going on +1 +100 +- +3 +XA, AS64500 Example +new SIMULATED/)
  assert.equal(lines.length, 3)
  assert.equal(err, '2 findings, 2 shown; those marked SIMULATED are of made-up traffic; location of address, not of actor\n')
  assert.match(await said('findings', '--severity', 'record', '--kind', 'scan', '--kind', 'rsdos'), /source 240\.0\.0\.9/)
  assert.match((await hirundo('findings', '--limit', '1')).err, /2 findings, 1 shown; .*more: --after [\w-]+\n/)
  const page = JSON.parse(await said('findings', '--limit', '1', '--format', 'json'))
  assert.match(await said('findings', '--limit', '1', '--after', page.next), /rsdos/)
  assert.match(await said('findings', '--about', '240.0.0.0/24', '--order', 'newest'), /rsdos/)
  for (const wrong of [['--kind', 'nope'], ['--severity', 'high'], ['--from', 'soon'], ['--order', 'x'], ['--about', '300.1.1.1'], ['--about', 'tcp/99999'], ['--about', 'nope/23'], ['--from', '-1h', '--to', '-5h']]) assert.equal((await hirundo('findings', ...wrong)).code, 2, wrong.join(' '))
  assert.match((await hirundo('findings', '--about', '300.1.1.1')).err, /neither an address, a network nor a port/)
})

test('a finding says why it was raised, by which questions, and what was done', async () => {
  doors.networks.set('240.0.0.1', { economy: 'XA', asn: 64_500, as_name: 'Ex\nample' })
  await store([detection({ members: ['tcp/80'], max_ppm: 31.2 })], true)
  await store([detection({ start: T0 + 3600 })], true)
  const id = await idOf()
  const text = await said('finding', id)
  for (const part of [
    /^notice: rsdos, victim 240\.0\.0\.1 tcp\n/, /2 events; 200 packets, .*3 sensors/, /XA, AS64500 Ex ample \(location of address, not of actor\)/, /new SIMULATED; nobody owns it; TLP:AMBER\+STRICT/,
    /THRESHOLD CROSSED +SEEN +RAISES WHEN\npackets +100 +at least 25\n/, /Detector rsdos version 1; none of its findings was judged right or wrong yet\.\nParameters: packets_min 25/,
    /backscatter 2026-01-05T01:00:00\.000Z to 2026-01-05T01:10:00\.000Z, victim 240\.0\.0\.1 +100 +- +3/, /system +found/, /system +merged/,
  ]) assert.match(text, part)
  assert.equal(JSON.parse(await said('finding', id, '--format', 'json')).id, id)
  const unknown = await hirundo('finding', '00000000-0000-4000-8000-000000000000')
  assert.deepEqual([unknown.code, unknown.err.includes('finding/not-found')], [1, true])
})

test('an empty list says that there are records, and what is no id is said to be none', async () => {
  await store([detection({ kind: 'scan', subject: { source: '240.0.0.9' }, severity: 'record' }), detection({ kind: 'scan', subject: { source: '240.0.0.10' }, severity: 'record' })])
  assert.match((await hirundo('findings')).err, /^0 findings, 0 shown; 2 records, which raise nobody: ask with --severity record\n/)
  assert.match((await hirundo('findings', '--about', '240.0.0.9')).err, /; 1 record, which raises nobody/)
  assert.doesNotMatch((await hirundo('findings', '--severity', 'record')).err, /ask with/)
  for (const args of [['finding', 'show', 'nope'], ['finding', 'close', 'nope'], ['finding', 'check', 'nope'], ['finding', 'own', 'nope', '--nobody'], ['unmute', 'nope']]) {
    const { code, err } = await hirundo(...args)
    assert.deepEqual([code, /"nope" is no id of a (finding|mute rule)\.\n"hirundo/.test(err), err.includes('pattern')], [2, true, false], args.join(' '))
  }
})

test('people judge, own and talk about a finding', async () => {
  await store([detection()])
  const id = await idOf()
  const person = await doors.actor('analyst')
  assert.match(await said('finding', 'triage', id), /: triaged; nobody owns it; TLP:AMBER\+STRICT\n$/)
  assert.match(await said('finding', 'own', id, 'a analyst'), /owner a analyst/)
  assert.match(await said('findings', '--owner', 'a analyst'), new RegExp(id))
  assert.match(await said('finding', 'own', id, '--nobody'), /nobody owns it/)
  assert.match((await hirundo('finding', 'own', id, 'Nobody Known')).err, /Nobody who can own a finding is called "Nobody Known".*\n.*a analyst \(/)
  assert.equal((await hirundo('finding', 'own', id)).code, 2)
  assert.match(await said('finding', 'comment', id, 'asked them'), /^noted .* by Program\n$/)
  assert.match(await said('finding', 'label', id, 'TLP:GREEN'), /TLP:GREEN/)
  assert.match(await said('finding', 'dismiss', id, '--why', 'own-test', '--text', 'ours'), /: dismissed \(own-test\)/)
  assert.equal((await hirundo('finding', 'dismiss', id)).code, 2, 'a dismissal needs a why')
  assert.match(await said('finding', 'close', id), /: closed \(own-test\)/)
  assert.match((await hirundo('finding', 'confirm', id)).err, /finding\/wrong-state/)
  assert.match((await hirundo('finding', 'reopen', id, '--text', 'x', '--from', 'dismissed')).err, /finding\/changed-meanwhile/)
  assert.match(await said('finding', 'reopen', id, '--text', 'came back'), /: triaged;/)
  assert.match(await said('finding', 'confirm', id, '--text', 'sure'), /: confirmed;/)
  assert.match(await said('finding', id), /asked them[\s\S]*came back[\s\S]*sure/)
  assert.equal(person.organisation_id, 1)
})

test('a check puts then and now side by side', async () => {
  await store([detection()])
  const id = await idOf()
  doors.recounted = () => ({ packets: 100, sources: null, sensors: 3, max_ppm: null })
  assert.match(await said('finding', 'check', id), /^The store gives the same numbers again\.[\s\S]*100 \/ 100 +- +3 \/ 3 +yes/)
  doors.recounted = () => ({ packets: 0, sources: null, sensors: 0, max_ppm: null })
  assert.match(await said('finding', 'check', id), /does not give[\s\S]*100 \/ - .*NO +rows were too old and are gone/)
})

test('rules are made, listed and ended, and each has an end', async () => {
  await store([detection()])
  const made = await said('mute', '--kind', 'rsdos', '--victim', '240.0.0.0/24', '--for', '7d', '--why', 'a test')
  assert.match(made, /^rsdos, victim 240\.0\.0\.0\/24: muted until .*; it keeps 1 finding off the board\n"hirundo unmute [\da-f-]{36}" ends it\n$/)
  assert.match(await said('mutes'), /rsdos, victim 240\.0\.0\.0\/24 +.* a test +1 +Program/)
  assert.equal((await hirundo('findings')).out.trim().split('\n').length, 1)
  assert.match(await said('findings', '--muted'), /new muted/)
  const { 0: { id } } = JSON.parse(await said('mutes', '--format', 'json'))
  assert.match(await said('unmute', id), /is ended/)
  assert.match(await said('findings'), /rsdos/)
  assert.equal((await hirundo('mute', '--port', 'tcp/23', '--why', 'x')).code, 2)
  const everything = await hirundo('mute', '--for', '1d', '--why', 'x')
  assert.deepEqual([everything.code, /would mute everything/.test(everything.err)], [2, true])
  assert.match(await said('mute', '--port', 'tcp/23', '--until', new Date(doors.now + 86_400_000).toISOString(), '--why', 'x'), /^any kind, tcp\/23: muted/)
  for (const wrong of [['--port', 'tcp/70000'], ['--for', '7'], ['--victim', '300.1.1.1', '--for', '7d'], ['--for', '7d', '--until', '2026-12-31']]) assert.equal((await hirundo('mute', ...wrong, '--why', 'x')).code, 2, wrong.join(' '))
})

test('what a stranger wrote is hidden without the scope, and draws no lines of its own', async () => {
  await store([detection({ kind: 'new', subject: { novelty: 'credential', value: 'root\nurgent  rsdos  victim 192.0.2.1\u001b[2J', protocol: 'tcp', port: 23 } })])
  const lines = (await said('findings')).trim().split('\n')
  assert.equal(lines.length, 2)
  assert.ok(lines[1]!.includes('root urgent') && !lines[1]!.includes('\u001b'))
  doors.by = { ...doors.by, scopes: scopesOfRole.viewer }
  assert.match(await said('findings'), /new credential \(hidden: needs the scope content:read\)/)
})

test('every command of findings explains itself with an example', async () => {
  for (const args of [['findings'], ['finding'], ['mute'], ...['triage', 'confirm', 'dismiss', 'close', 'reopen', 'own', 'label', 'comment', 'check'].map((name) => ['finding', name])]) {
    assert.match(await said(...args, '--help'), /Example: hirundo /, args.join(' '))
  }
})
