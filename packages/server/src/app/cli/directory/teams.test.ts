import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { startHirundo, type Hirundo } from './testing.ts'

let hirundo: Hirundo
before(async () => {
  hirundo = await startHirundo()
})
after(() => hirundo?.doors.stop())
beforeEach(() => hirundo.doors.clear())

test('a team is entered, changed in parts, shown as others see it, and taken out', async () => {
  const { said, ran } = hirundo
  assert.match(await said('team', 'add', 'XA-CSIRT', 'XA National CSIRT', '--kind', 'national', '--economy', 'XA', '--time-zone', 'Asia/Tokyo', '--us', '--visible', 'website=public'), /^XA-CSIRT is entered \([\da-f-]{36}\)\n$/)
  await said('team', 'add', 'XB-CERT', 'XB Team', '--kind', 'isp', '--economy', 'XB', '--simulated')
  assert.match(await said('teams'), /^TEAM +NAME +KIND +ECONOMY.*\nXA-CSIRT +XA National CSIRT +national +XA +mail-only +Asia\/Tokyo +US .*\nXB-CERT .* SIMULATED /)
  assert.match(await said('team', 'change', 'xa-csirt', '--website', 'https://xa-csirt.example', '--established', '1999-02'), /economy +XA[\s\S]*web site +https:\/\/xa-csirt\.example\/\n/)
  assert.match(await said('team', 'XA-CSIRT', '--as', 'public'), /economy +-[\s\S]*web site +https:\/\/xa-csirt\.example\/\n/)
  assert.match(await said('team', 'change', 'XA-CSIRT', '--website', ''), /economy +XA[\s\S]*web site +-\nestablished +1999-02\n/)
  assert.equal((await ran('team', 'remove', 'XA-CSIRT')).code, 1)
  assert.match(await said('team', 'remove', 'XB-CERT'), /^XB-CERT is taken out\n$/)
  assert.match((await ran('team', 'XB-CERT')).err, /No team is called "XB-CERT"/)
})

test('a contact says whether it answers now, and a holiday why not', async () => {
  const { said, ran, doors } = hirundo
  await said('team', 'add', 'XA-CSIRT', 'XA National CSIRT', '--time-zone', 'Asia/Tokyo')
  await said('calendar', 'add', 'Days of XA', '--day', '2026-11-23=Day of Thanks')
  assert.match(await said('team', 'contact', 'add', 'XA-CSIRT', 'mail', 'cert@xa-csirt.example', '--purpose', 'general', '--hours', '1-5,09:00-17:30', '--calendar', 'days of xa', '--for', 'public'), /Mon Tue Wed Thu Fri 09:00-17:30 Asia\/Tokyo, not on Days of XA, for public/)
  await said('team', 'contact', 'add', 'XA-CSIRT', 'phone', '+999 1 555 0100', '--purpose', 'emergency')
  doors.now_ms = Date.parse('2026-11-20T08:00:00Z')
  assert.match(await said('team', 'XA-CSIRT'), /general .* open +public[\s\S]*emergency .*24\/7 +open +partners/)
  doors.now_ms = Date.parse('2026-11-23T01:00:00Z')
  assert.match(await said('team', 'XA-CSIRT'), /closed: Day of Thanks/)
  const team = JSON.parse(await said('team', 'XA-CSIRT', '--format', 'json', '--as', 'community'))
  assert.deepEqual(team.contacts.map((one: { value: string }) => one.value), ['cert@xa-csirt.example'])
  assert.equal((await ran('calendar', 'remove', 'Days of XA')).code, 1)
  assert.match(await said('calendar', 'change', 'Days of XA', '--day', '2027-01-01=New Year', '--without', '2026-11-23'), /1 days/)
  assert.match(await said('calendar', 'Days of XA'), /^2027-01-01 {2}New Year\n$/)
  assert.match(await said('team', 'contact', 'remove', team.contacts[0].id), /is removed/)
  assert.match(await said('calendar', 'remove', 'Days of XA'), /is removed/)
  assert.equal((await ran('team', 'contact', 'add', 'XA-CSIRT', 'mail', 'x@xa.example', '--purpose', 'general', '--hours', '9-17')).code, 2)
})
