import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainText } from '../../../platform/notify/plain-text.ts'
import { readFirst, type FirstTeam } from './first.ts'
import { formatProfile, headings, parseProfile } from './rfc2350.ts'
import { UnreadFields } from './unread.ts'

const list = (teams: readonly unknown[], more: object = {}): string => JSON.stringify({ status: 'OK', 'status-code': 200, version: '1.0', access: 'public', total: teams.length, data: teams, ...more })
const whole = {
  id: 'xa-csirt', team: 'XA-CSIRT', 'team-full': 'XA National CSIRT', host: 'Ministry of Examples', establishment: '1999-02-01', address: '1 Example Street', country: 'XA', 'country-other': ['XB'], email: 'cert@xa-csirt.example',
  phone: ['+999 1 555 0100', '+999 1 555 0101'], 'phone-emergency': '+999 1 555 0199', fax: '+999 1 555 0102', website: ['https://xa-csirt.example'], 'pgp-fingerprint': '0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567',
  constituency: 'Government', 'constituency-description': 'All ministries', 'operating-hours': '09:00 to 17:00', timezone: 'UTC+09:00', membership: 'Full Member', 'pgp-key': '-----BEGIN', 'member-since': 'August 23, 2019',
}
const read = (text: string): { teams: readonly FirstTeam[]; unread: string[]; is_public: boolean } => {
  const answer = readFirst(text)
  assert.ok(answer.ok, JSON.stringify(answer))
  return { ...answer.value, unread: answer.value.unread.list().map(({ field, why, times }) => `${field} ${why} ${times}`) }
}

test('a team of the FIRST teams API is understood field by field', () => {
  const { teams, unread, is_public } = read(list([whole]))
  assert.deepEqual(teams, [{
    source_id: 'xa-csirt', short_name: 'XA-CSIRT', economies: ['XA', 'XB'], fingerprint: '0123456789ABCDEF0123456789ABCDEF01234567',
    fields: { name: 'XA National CSIRT', host: 'Ministry of Examples', economy: 'XA', website: 'https://xa-csirt.example/', established: '1999-02-01' },
    contacts: [
      { purpose: 'general', channel: 'mail', value: 'cert@xa-csirt.example' }, { purpose: 'general', channel: 'phone', value: '+999 1 555 0100' }, { purpose: 'general', channel: 'phone', value: '+999 1 555 0101' },
      { purpose: 'emergency', channel: 'phone', value: '+999 1 555 0199' }, { purpose: 'general', channel: 'fax', value: '+999 1 555 0102' },
    ],
    sections: { '2.2': '1 Example Street', '2.3': 'UTC+09:00', '2.11': '09:00 to 17:00', '3.2': 'Government\nAll ministries' },
  }])
  assert.deepEqual(unread, ['member-since no-place 1', 'membership no-place 1', 'pgp-key no-place 1'])
  assert.deepEqual([is_public, read(list([], { access: 'members' })).is_public], [true, false])
})

test('what is not understood is named by field, each time it stands there', () => {
  const odd = { id: 'a', team: 'A', country: 'Xanadu', email: 'not a mail address', website: 'javascript:alert(1)', establishment: '31.12.1999', 'pgp-fingerprint': '0x01234567', phone: [1, 2], mascot: 'a swallow' }
  const { teams, unread } = read(list([odd, { ...odd, id: 'b', team: 'B' }], { comment: 'x', total: 5 }))
  assert.deepEqual(teams[0]!.fields, { name: 'A', host: null, economy: null, website: null, established: null })
  assert.deepEqual([teams[0]!.contacts, teams[0]!.fingerprint], [[], null])
  assert.deepEqual(unread, ['comment unknown-field 1', 'country not-understood 2', 'email not-understood 2', 'establishment not-understood 2', 'mascot unknown-field 2', 'pgp-fingerprint not-understood 2', 'phone not-understood 2', 'total partial 1', 'website not-understood 2'])
})

test('no field is dropped without a word, whatever it holds', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 }), fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }))
  const field = fc.oneof(fc.constantFrom(...Object.keys(whole)), fc.stringMatching(/^[a-z]{1,12}$/))
  fc.assert(fc.property(fc.dictionary(field, value, { maxKeys: 8 }), (bag) => {
    const answer = readFirst(list([{ ...bag, id: 'one', team: 'One' }]))
    assert.ok(answer.ok)
    const named = new Set(answer.value.unread.list().map((one) => one.field))
    const kept = JSON.stringify(answer.value.teams[0])
    const isKept = (text: string): boolean => [text, text.toUpperCase(), plainText(text), ...(URL.canParse(text) ? [new URL(text).href] : [])].some((form) => kept.includes(JSON.stringify(form).slice(1, -1)))
    for (const [name, given] of Object.entries(bag)) {
      const said = [given].flat().filter((one) => one !== null && !(typeof one === 'string' && plainText(one.trim()) === ''))
      // What is not named must be there in some form.
      if (!['id', 'team'].includes(name) && !named.has(name)) for (const one of said) assert.ok(typeof one === 'string' && isKept(one.trim()), `${name} ${JSON.stringify(given)}`)
    }
  }), { numRuns: 1000 })
})

test('what is no such list is refused as a whole', () => {
  for (const wrong of ['', '[]', '{', '{"status":"OK"}', '{"status":"error","data":[]}', '{"status":"OK","data":{}}', `{"status":"OK","data":${'['.repeat(100_000)}`, list(Array.from({ length: 5001 }, () => ({})))]) assert.equal(readFirst(wrong).ok, false, wrong.slice(0, 40))
  const { teams, unread } = read(list([null, 7, {}, { id: 'a' }, { id: 'a', team: 'A' }, { id: 'a', team: 'Again' }]))
  assert.deepEqual([teams.map(({ short_name }) => short_name), unread], [['A'], ['data not-understood 5']])
})

test('names without end make no report without end', () => {
  const unread = new UnreadFields()
  for (let i = 0; i < 10_000; i++) unread.add(`field ${i}`, 'unknown-field', 'x')
  const found = unread.list()
  assert.ok(found.length <= 201)
  assert.equal(found.reduce((sum, { times }) => sum + times, 0), 10_000)
})

test('a profile that was written is read back as it was, also when its text looks like headings', () => {
  const line = fc.oneof(fc.constantFrom('3. Charter', '2.7 Electronic Mail Address', '1.1 Date of Last Update', '', '  deeper', '1. first', '- item'), fc.stringMatching(/^[ -~]{0,30}$/), fc.constant('連絡先：例'))
  // As they come out of a reading: no empty lines around, not all lines indented, no spaces at ends.
  const text = fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => `x${lines.map((one) => one.trimEnd()).join('\n')}`.trimEnd())
  const sections = fc.subarray(headings.map(([number]) => number), { minLength: 1 }).chain((numbers) => fc.tuple(...numbers.map((number) => text.map((one) => [number, one] as const))).map((pairs) => Object.fromEntries(pairs)))
  fc.assert(fc.property(sections, (given) => {
    assert.deepEqual(parseProfile(formatProfile(given)), { sections: given, preamble: '' })
  }))
})

test('profiles are read as teams write them', () => {
  const { sections, preamble } = parseProfile(['CSIRT Description for XA-CSIRT', '=====', '', '1. Document Information', '   This document describes XA-CSIRT.', '', '1.1. Date of Last Update', '     1 May 2026', '2. Contact Information', '2.1 Name of the Team', '     XA-CSIRT', '     of the invented', '2.99 Something else', '3. Charter', '3.1 Our Mission Statement', '     To help.', '       Always.', '2. again'].join('\n'))
  assert.equal(preamble, 'CSIRT Description for XA-CSIRT\n=====')
  assert.deepEqual(sections, { '1': 'This document describes XA-CSIRT.', '1.1': '1 May 2026', '2.1': '     XA-CSIRT\n     of the invented\n2.99 Something else', '3.1': '     To help.\n       Always.\n2. again' })
})
